"""The page's opening: eyebrow, headline, subhead, calls to action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph
from ..calls import Call, is_label
from ..inlines import Inline, join
from ..markup import Html
from ..parts import Context
from .dimensions import Weight
from .section import Section, opening

_FIELDS = {
    "eyebrow": "eyebrow",
    "headline": "headline",
    "subhead": "subhead",
    "subheadline": "subhead",
    "subheading": "subhead",
}


@dataclass(frozen=True)
class Hero(Section):
    """`body` is what stands in the hero beside its fields. The page hands in `weights`, its dimensions, for the
    illustration, and says whether this is the hero that `leads` it, whose headline is the `<h1>`."""

    kind: ClassVar[str] = "hero"
    eyebrow: Html
    headline: Html
    subhead: Html
    calls: tuple[Call, ...]
    weights: tuple[Weight, ...] = ()
    leads: bool = False


def matches(name: str) -> bool:
    return name in ("HERO", "HERO SECTION")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Hero:
    start = opening(heading, blocks, context)
    fields = _Fields(context)
    rest = tuple(fields.take(blocks))
    if not fields.values["headline"]:
        line = heading.line if heading else 1
        help = "write **Headline:** and the words under HERO; until then the page's name stands there"
        context.problems.append(
            context.source.problem_at(
                "missing-headline",
                "this hero has no headline",
                help,
                line=line,
                text=heading.written if heading else "",
            )
        )
    html = {name: markup.text(value) for name, value in fields.values.items()}
    calls = tuple(context.calls.labelled(value) for value in fields.calls)
    return Hero(*start, context.flow(rest), html["eyebrow"], html["headline"], html["subhead"], calls)


class _Fields:
    """Takes the labelled lines out of a hero's paragraphs. A line without a label goes on with the one above it; a
    label alone on its line is followed by its words."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.values = {"eyebrow": Inline(), "headline": Inline(), "subhead": Inline()}
        self.calls: list[Inline] = []
        self._awaited = ""

    def take(self, blocks: tuple[Block, ...]) -> Iterator[Block]:
        """What is left when the fields are taken."""
        for block in blocks:
            if not isinstance(block, Paragraph):
                self._awaited = ""
                yield block
                continue
            rest = list(self._take_lines(block))
            if rest:
                yield Paragraph(rest[0].line, join(rest))

    def _take_lines(self, block: Paragraph) -> Iterator[Inline]:
        for line in block.inline.lines():
            label = line.label()
            name = re.sub(r"[^a-z]", "", label[0].lower()) if label else ""
            if label and is_label(label[0]):
                self._awaited = "call"
                self._give(label[1])
            elif label and name in _FIELDS and not self.values[_FIELDS[name]]:
                self._awaited = _FIELDS[name]
                self._give(label[1])
            elif label is None and self._awaited and not line.strip().runs[0].call:
                self._give(line)
            else:
                self._awaited = ""
                yield line
        if self._awaited != "call" and self.values.get(self._awaited):
            self._awaited = ""

    def _give(self, words: Inline) -> None:
        if not words:
            return
        if self._awaited == "call":
            self.calls.append(words)
            self._awaited = ""
        else:
            before = self.values[self._awaited]
            self.values[self._awaited] = join((before, words)) if before else words
