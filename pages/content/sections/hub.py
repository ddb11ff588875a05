"""The pages under an address, listed by themselves: what makes a page a hub."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading, Paragraph
from ..components import Component, Context
from ..url_paths import normalize_path
from .base import Section, opening

LABEL = "pages under"


@dataclass(frozen=True)
class Listing(Component):
    """The pages right under `url`; which they are, the library knows. `line` is where the document asks for them."""

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
    """A hub is known by its line, not by its heading: see `lists`."""
    return False


def has_listing(blocks: Iterable[Block]) -> bool:
    """Whether a section holds a line `**Pages under:** /hire`."""
    return any(_listing(block) for block in blocks)


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Hub:
    return Hub(*opening(heading, blocks, context), context.build_body(blocks, _listing))


def _listing(block: Block) -> Listing | None:
    label = block.inline.split_label() if isinstance(block, Paragraph) and len(block.inline.lines()) == 1 else None
    if not label or label[0].lower() != LABEL or not label[1].text.startswith("/"):
        return None
    return Listing(normalize_path(label[1].text), block.line)
