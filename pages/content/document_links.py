"""Find a document's links and images, with their positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from .blocks import Block, inlines_of
from .inlines import Inline
from .problems import Span


class Link(NamedTuple):
    """A link, or an image if `is_image`. `text` is the link text or the image's alt text, at `line` and `column`.

    `target` is the position of `href` in the document, or None if the position is unknown. It is also None if `href`
    comes from `site.toml` or from a link definition.
    """

    href: str
    text: str
    line: int
    column: int
    is_image: bool = False
    target: Span | None = None


# The `href` and `is_image` of a link, which decide where it leads. Plain tuples are unpickled faster than NamedTuples.
LinkTarget = tuple[str, bool]


def distinct_targets(links: Iterable[Link]) -> tuple[LinkTarget, ...]:
    """Return the targets of `links` without repetitions, in their order."""
    return tuple(dict.fromkeys((link.href, link.is_image) for link in links))


def links_of(blocks: Iterable[Block]) -> Iterator[Link]:
    """Yield all links (including calls to action) and images, in the order of `blocks`."""
    for content in inlines_of(blocks):
        if any(run.href or run.image for run in content.runs):  # most contents have no link
            yield from _links(content)


def rejected_links_of(contents: Iterable[Inline]) -> Iterator[Link]:
    """Yield the links and images whose schemes are not allowed. Each `href` is the target as written."""
    for content in contents:
        if not any(run.rejected for run in content.runs):
            continue
        for rejected, group in groupby(content.runs, key=lambda run: run.rejected):
            runs = list(group)
            if rejected:
                text = "".join(run.text for run in runs).strip()
                yield Link(rejected, text, runs[0].line, runs[0].column)


def _links(content: Inline) -> Iterator[Link]:
    for run in content.runs:
        if run.image:
            yield Link(run.image, run.text, run.line, run.column, is_image=True, target=run.image_span)
    for (href, target), group in groupby(content.runs, key=lambda run: (run.href, run.href_span)):
        runs = list(group)
        if href:
            yield Link(href, "".join(run.text for run in runs).strip(), runs[0].line, runs[0].column, target=target)
