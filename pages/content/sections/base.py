"""The base class of sections, and the interface of the modules that define section kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from ..blocks import Block, Heading
from ..components import Component, Context
from ..markup import Html, render_text


@dataclass(frozen=True)
class Section:
    """One section of a page. `heading` is empty for text before the document's first section heading."""

    kind: ClassVar[str]
    template: ClassVar[str] = "sections/split.html"
    heading: Html
    anchor: str
    line: int
    body: tuple[Component, ...]


class Kind(Protocol):
    """The functions that each module of this package defines."""

    __name__: str

    def matches(self, name: str) -> bool:
        """Return whether a section is of this kind. `name` is its heading in capitals, with single spaces."""

    def read(self, heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Section:
        """Return the section, and add its problems to `context.problems`."""


def start_section(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> tuple[Html, str, int]:
    """Start a section in the page's outline, and return its heading, anchor and line.

    Call this function before reading the section's body. Then the section keeps its plain anchor, such as `#faq`, and
    a heading with the same text in the body gets a number, as in `#faq-2`.
    """
    context.outline.start_section(headed=heading is not None and heading.raw_text.strip().upper() != "HERO")
    if heading is None:
        return Html(), context.outline.unique_anchor("introduction"), blocks[0].line if blocks else 1
    title = context.outline.to_sentence_case(heading.inline)
    return render_text(title), context.outline.unique_anchor(heading.raw_text), heading.line
