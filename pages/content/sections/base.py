"""What all kinds of section share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from ..blocks import Block, Heading
from ..components import Component, Context
from ..markup import Html, render_text


@dataclass(frozen=True)
class Section:
    """One section of a page. `heading` is empty where the document gives none, as before its first section."""

    kind: ClassVar[str]
    template: ClassVar[str] = "sections/split.html"
    heading: Html
    anchor: str
    line: int
    body: tuple[Component, ...]


class Kind(Protocol):
    """A module of this package: how a kind is known, and how it is read."""

    __name__: str

    def matches(self, name: str) -> bool:
        """Whether a section headed `name` (in capitals, single spaces) is of this kind."""

    def read(self, heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Section:
        """The section; what is wrong with it goes to `context.problems`."""


def opening(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> tuple[Html, str, int]:
    """A section's first three fields. To be called before its body is read, since anchors are given out in order."""
    context.outline.start_section(headed=heading is not None and heading.raw_text.strip().upper() != "HERO")
    if heading is None:
        return Html(), context.outline.unique_anchor("introduction"), blocks[0].line if blocks else 1
    shown = context.outline.to_sentence_case(heading.inline)
    return render_text(shown), context.outline.unique_anchor(heading.raw_text), heading.line
