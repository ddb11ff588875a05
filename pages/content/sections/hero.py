"""The hero section: the page's eyebrow, headline, subhead and calls to action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph
from ..calls_to_action import CallToAction, is_call_label
from ..components import Context
from ..duel import Duel
from ..inlines import Inline, join
from ..markup import Html
from .base import Section, start_section
from .dimensions import Weight

# Maps a line's label, in lowercase letters, to the hero field that the line fills.
_FIELDS = {
    "eyebrow": "eyebrow",
    "headline": "headline",
    "subhead": "subhead",
    "subheadline": "subhead",
    "subheading": "subhead",
}


@dataclass(frozen=True)
class Hero(Section):
    """A hero. `body` holds the blocks that aren't in any other field.

    The `document` module sets `is_main`, `duel` and `weights` on the page's first hero. That hero's headline is the
    `<h1>`. Its illustration shows the page's duel or, on a page without a duel, the weights of the page's dimensions.
    """

    kind: ClassVar[str] = "hero"
    template: ClassVar[str] = "sections/hero.html"
    eyebrow: Html
    headline: Html
    subhead: Html
    calls: tuple[CallToAction, ...]
    duel: Duel | None = None
    weights: tuple[Weight, ...] = ()
    is_main: bool = False

    @property
    def headline_text(self) -> str:
        """The headline without markup."""
        return " ".join(markup.text_segments(self.headline))

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets of the calls to action. The illustration doesn't link to them again."""
        return tuple(call.href for call in self.calls)


def matches(name: str) -> bool:
    return name in ("HERO", "HERO SECTION")


def field_of(label: str) -> str:
    """Return the hero field that a line with this label fills, or ""."""
    return _FIELDS.get(re.sub(r"[^a-z]", "", label.lower()), "")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Hero:
    start = start_section(heading, blocks, context)
    fields = _Fields(context)
    rest = tuple(fields.split(blocks))
    headline = fields.words("headline")
    if not headline:
        line, text = (heading.line, heading.raw_text) if heading else (1, "")
        help = "Add a line **Headline:** … under HERO. Until then, the page's name is the headline."
        problem = context.source.problem_at(
            "missing-headline", "This hero has no headline.", help, line=line, text=text
        )
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
    """The labeled lines of a hero.

    A line without a label continues the text of the label above it. A label's text may also start on the next line.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.calls: list[Inline] = []
        self._lines: dict[str, list[Inline]] = {"eyebrow": [], "headline": [], "subhead": []}
        self._field = ""

    def words(self, field: str) -> Inline:
        return join(self._lines[field])

    def split(self, blocks: tuple[Block, ...]) -> Iterator[Block]:
        """Collect the labeled lines of `blocks`. Yield the blocks without these lines."""
        for block in blocks:
            if not isinstance(block, Paragraph):
                self._field = ""
                yield block
                continue
            rest = list(self._split_lines(block))
            if rest:
                yield Paragraph(rest[0].line, join(rest))

    def _split_lines(self, block: Paragraph) -> Iterator[Inline]:
        for line in block.inline.lines():
            label = line.split_label()
            name = field_of(label[0]) if label else ""
            if label and is_call_label(label[0]):
                self._field = "call"
                self._add(label[1])
            elif label and name and not self._lines[name]:
                self._field = name
                self._add(label[1])
            elif label is None and self._field and not line.runs[0].is_call:
                self._add(line)
            else:
                self._field = ""
                yield line
        if self._lines.get(self._field):
            self._field = ""

    def _add(self, words: Inline) -> None:
        if not words:
            return
        if self._field == "call":
            self.calls.append(words)
            self._field = ""
        else:
            self._lines[self._field].append(words)
