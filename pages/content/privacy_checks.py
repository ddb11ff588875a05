"""Check what the privacy page says about video players from other sites.

The privacy page must name each site from which pages load a player, and must not say that pages load no players.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .document import Page
from .player_denials import denials
from .problems import Problem

PRIVACY_URL = "/privacy"


def check_privacy(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each video provider of a page, if the privacy page doesn't name the provider.

    Also yield a problem for each sentence in which the privacy page says that pages load no players.
    """
    privacy = pages.get(PRIVACY_URL)
    players: dict[str, str] = {}  # the URL of a page with a player, keyed by the name of the player's site
    for page in pages.values():
        first = {video.provider: video for video in reversed(page.videos)}
        for provider, video in first.items():
            if provider:
                players.setdefault(provider.name, page.url)
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
    if privacy and players:
        yield from _check_denials(privacy, players)


def _check_denials(privacy: Page, players: Mapping[str, str]) -> Iterator[Problem]:
    for place, sentence in denials(privacy.source, players):
        name = next((name for name in players if name.lower() in sentence.lower()), next(iter(players)))
        message = f"This isn't true, because the page {players[name]} plays a video from {name}."
        help = f"Say when pages load a video from {name}, for example: “Only when you play a video, …”"
        yield privacy.source.problem("video-privacy", message, help, **place._asdict())
