"""The hub section: an automatic list of the pages under a URL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading, Paragraph
from ..components import Component, Context
from ..url_paths import normalize_path
from .base import Section, start_section

LABEL = "pages under"


@dataclass(frozen=True)
class Listing(Component):
    """A list of the pages directly under `url`. The library finds these pages when the list is rendered."""

    template: ClassVar[str] = "components/listing.html"
    url: str
    line: int


@dataclass(frozen=True)
class Hub(Section):
    kind: ClassVar[str] = "hub"

    @property
    def listings(self) -> tuple[Listing, ...]:
        return tuple(part for part in self.body if isinstance(part, Listing))


def matches(name: str) -> bool:
    """Return False, because a hub may have any heading. `has_listing` recognizes a hub by its content instead."""
    return False


def has_listing(blocks: Iterable[Block]) -> bool:
    """Return whether `blocks` contain a line such as `**Pages under:** /hire`."""
    return any(_listing(block) for block in blocks)


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Hub:
    return Hub(*start_section(heading, blocks, context), context.build_body(blocks, _listing))


def _listing(block: Block) -> Listing | None:
    label = block.inline.split_label() if isinstance(block, Paragraph) and len(block.inline.lines()) == 1 else None
    if not label or label[0].lower() != LABEL or not label[1].text.startswith("/"):
        return None
    return Listing(normalize_path(label[1].text), block.line)
