"""The page's opening: eyebrow, headline, subhead, calls to action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph
from ..calls_to_action import CallToAction, is_call_label
from ..components import Context
from ..inlines import Inline, join
from ..markup import Html
from .base import Section, opening
from .dimensions import Weight

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
    template: ClassVar[str] = "sections/hero.html"
    eyebrow: Html
    headline: Html
    subhead: Html
    calls: tuple[CallToAction, ...]
    weights: tuple[Weight, ...] = ()
    leads: bool = False


def matches(name: str) -> bool:
    return name in ("HERO", "HERO SECTION")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Hero:
    start = opening(heading, blocks, context)
    fields = _Fields(context)
    rest = tuple(fields.take(blocks))
    headline = fields.words("headline")
    if not headline:
        line, text = (heading.line, heading.raw_text) if heading else (1, "")
        help = "write **Headline:** and the words under HERO; until then the page's name stands there"
        problem = context.source.problem_at("missing-headline", "this hero has no headline", help, line=line, text=text)
        context.problems.append(problem)
    calls = tuple(context.call_resolver.resolve_label(value) for value in fields.calls)
    return Hero(
        *start,
        context.to_components(rest),
        markup.render_text(fields.words("eyebrow")),
        markup.render_text(headline),
        markup.render_text(fields.words("subhead")),
        calls,
    )


class _Fields:
    """Takes the labelled lines out of a hero's paragraphs. A line without a label goes on with the one above it; a
    label alone on its line is followed by its words."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.calls: list[Inline] = []
        self._lines: dict[str, list[Inline]] = {"eyebrow": [], "headline": [], "subhead": []}
        self._field = ""

    def words(self, field: str) -> Inline:
        return join(self._lines[field])

    def take(self, blocks: tuple[Block, ...]) -> Iterator[Block]:
        """What is left when the fields are taken."""
        for block in blocks:
            if not isinstance(block, Paragraph):
                self._field = ""
                yield block
                continue
            rest = list(self._take_lines(block))
            if rest:
                yield Paragraph(rest[0].line, join(rest))

    def _take_lines(self, block: Paragraph) -> Iterator[Inline]:
        for line in block.inline.lines():
            label = line.split_label()
            name = _FIELDS.get(re.sub(r"[^a-z]", "", label[0].lower()), "") if label else ""
            if label and is_call_label(label[0]):
                self._field = "call"
                self._give(label[1])
            elif label and name and not self._lines[name]:
                self._field = name
                self._give(label[1])
            elif label is None and self._field and not line.runs[0].is_call:
                self._give(line)
            else:
                self._field = ""
                yield line
        if self._lines.get(self._field):
            self._field = ""

    def _give(self, words: Inline) -> None:
        if not words:
            return
        if self._field == "call":
            self.calls.append(words)
            self._field = ""
        else:
            self._lines[self._field].append(words)
