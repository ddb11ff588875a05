"""Check that the privacy page names the sites from which pages load a player."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .document import Page
from .problems import Problem

PRIVACY_URL = "/privacy"


def check_privacy(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each page with a video whose provider the privacy page doesn't name."""
    privacy = pages.get(PRIVACY_URL)
    for page in pages.values():
        first = {video.provider: video for video in reversed(page.videos)}
        for provider, video in first.items():
            if provider is None or (privacy and provider.name.lower() in privacy.plain_text.lower()):
                continue
            name = provider.name
            message = f"This page plays a video from {name}, but no page has the URL {PRIVACY_URL}."
            help = f"Write a page with the URL {PRIVACY_URL}. Say there that {name} receives data about visitors."
            if privacy:
                message = f"This page plays a video from {name}, but the privacy page doesn't mention {name}."
                help = f"In {privacy.path}, say that {name} receives data about visitors who play its videos."
            line, column, length = video.line, video.column, video.length
            yield page.source.problem("video-privacy", message, help, line=line, column=column, length=length)
