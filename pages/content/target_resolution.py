"""Resolve the targets of links and images: relative URLs, and the files of images and videos."""

from __future__ import annotations

from dataclasses import replace

from . import url_paths
from .blocks import Block, Heading, transform_inlines
from .images import Picture, Pictures, Video, image_url
from .inlines import Inline, Run
from .video_files import find_poster


def resolve_targets(
    heading: Heading | None, blocks: tuple[Block, ...], url: str, pictures: Pictures, *, eager: bool
) -> tuple[Heading | None, tuple[Block, ...]]:
    """Return a section's heading and blocks. Resolve relative links, and find the file of each image and video.

    Links are relative to the page's `url`. With `eager`, browsers load the images at once.
    """

    def resolve(run: Run) -> Run:
        if run.href:
            run = run._replace(href=url_paths.resolve(url, run.href))
        file = pictures.get(image_url(run.image)) if run.image else None
        if isinstance(file, Video):
            poster = find_poster(file.url, pictures)
            return run._replace(video=file, picture=poster if isinstance(poster, Picture) else None)
        return run._replace(picture=file, eager=eager) if isinstance(file, Picture) else run

    def transform(inline: Inline) -> Inline:
        return Inline(tuple(map(resolve, inline.runs))) if _has_targets(inline) else inline

    if heading and _has_targets(heading.inline):
        heading = replace(heading, inline=transform(heading.inline))
    return heading, transform_inlines(blocks, transform, _has_targets)


def _has_targets(inline: Inline) -> bool:
    for run in inline.runs:  # noqa: SIM110  called very often, and a generator would be slower
        if run.href or run.image:
            return True
    return False
