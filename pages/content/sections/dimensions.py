"""The dimensions section: the weighted dimensions of an assessment, and the skills in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, List, Paragraph
from ..components import Component, Context
from ..markup import Html
from .base import Section, start_section

_WEIGHT = re.compile(r"\(?\s?(?<![\d.])(?P<weight>\d{1,3}(?:\.\d{1,4})?)(?P<sign>\s?%)\s?\)?\s?$")

# Three weights of 33.3% add up to 99.9%.
MAX_ROUNDING_ERROR = 1
# The width of a letter in a name, and of a character in a percentage. Both are in percent of the bar's width, which is
# 354 pixels on a phone 390 pixels wide. Percentages have the larger font.
PERCENT_PER_LETTER, PERCENT_PER_DIGIT = 2, 6

NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Weight:
    """A dimension's weight, drawn as a segment of a bar.

    If all names end with the same word, such as “Dimension”, `short_name` leaves this word out. `start` and `width` are
    the segment's coordinates, in percent of the bar. The bar is 100% long, or longer if the weights add up to more.
    """

    name: str
    short_name: str
    percent: float
    start: float
    width: float

    @property
    def percent_text(self) -> str:
        return f"{self.percent:g}%"

    @property
    def is_legible(self) -> bool:
        """Whether the weight's text fits under the segment at every page width, without a break inside a word."""
        longest_word = max(map(len, self.short_name.split()), default=0)
        return self.percent >= max(len(self.percent_text) * PERCENT_PER_DIGIT, longest_word * PERCENT_PER_LETTER)


@dataclass(frozen=True)
class Skill(Component):
    template: ClassVar[str] = "components/skill.html"
    name: Html
    points: Html


@dataclass(frozen=True)
class Dimension:
    """A weighted dimension of an assessment. `name` excludes the weight. `order` counts from 1."""

    name: Html
    anchor: str
    percent: float
    order: int
    body: tuple[Component, ...]

    @property
    def percent_text(self) -> str:
        return f"{self.percent:g}%"


@dataclass(frozen=True)
class DimensionGroup(Component):
    template: ClassVar[str] = "components/dimension_group.html"
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True)
class Dimensions(Section):
    kind: ClassVar[str] = "dimensions"
    template: ClassVar[str] = "sections/dimensions.html"
    weights: tuple[Weight, ...]


def matches(name: str) -> bool:
    return bool(re.fullmatch(r"WHAT .+ EVALUATES?|(?:EVALUATION |ASSESSMENT )?DIMENSIONS", name))


def is_weighted(heading: Heading) -> bool:
    """Return whether `heading` names a dimension and its weight.

    Inside a section of dimensions, such a heading starts no new section.
    """
    return _parse_heading(heading) is not None


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Dimensions:
    start = start_section(heading, blocks, context)
    reader = _Reader(context)
    body = tuple(reader.body(blocks))
    reader.check_total()
    return Dimensions(*start, body, tuple(reader.weights()))


@dataclass(frozen=True)
class _WeightedHeading:
    """A dimension's heading. `name_end` is the length of the name. `weight_text` is the weight as written ("54%")."""

    heading: Heading
    name_end: int
    percent: float
    weight_text: str


def _parse_heading(heading: Heading) -> _WeightedHeading | None:
    match = _WEIGHT.search(heading.raw_text)
    name = heading.raw_text[: match.start()].rstrip(" \u00a0—–:-") if match else ""
    if not match or not name:
        return None
    return _WeightedHeading(heading, len(name), float(match["weight"]), match["weight"] + match["sign"])


class _Reader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.headings: list[_WeightedHeading] = []

    def body(self, blocks: tuple[Block, ...]) -> Iterator[Component]:
        """Yield each run of adjacent dimensions as one group, and the blocks between groups as prose."""
        for is_dimension, group in groupby(_split(blocks), key=lambda pair: pair[0] is not None):
            if is_dimension:
                yield DimensionGroup(tuple(self._dimension(head, inner) for head, inner in group if head))
            else:
                yield from (part for _, inner in group for part in self.context.to_components(inner))

    def _dimension(self, weighted: _WeightedHeading, blocks: list[Block]) -> Dimension:
        self.headings.append(weighted)
        heading, outline = weighted.heading, self.context.outline
        name = outline.to_sentence_case(heading.inline.take(weighted.name_end))
        outline.record_heading(3, heading.level)
        anchor = outline.unique_anchor(name.text)
        body = tuple(self._skills(blocks))
        return Dimension(markup.render_text(name), anchor, weighted.percent, len(self.headings), body)

    def _skills(self, blocks: list[Block]) -> Iterator[Component]:
        pending: list[Block] = []
        for block in blocks:
            name = pending[-1] if pending else None
            if isinstance(block, List) and isinstance(name, Paragraph) and name.inline.is_strong:
                yield from self.context.to_components(pending[:-1])
                pending.clear()
                self.context.outline.record_heading(4, 6)
                yield Skill(markup.render_text(name.inline), self.context.render_prose([block]))
            else:
                pending.append(block)
        yield from self.context.to_components(pending)

    def weights(self) -> Iterator[Weight]:
        outline = self.context.outline
        names = [outline.to_sentence_case(head.heading.inline.take(head.name_end)).text for head in self.headings]
        total = max(100.0, sum(head.percent for head in self.headings))
        start = 0.0
        for name, short_name, head in zip(names, _short_names(names), self.headings, strict=True):
            width = head.percent / total * 100
            yield Weight(name, short_name, head.percent, round(start, 2), round(width, 2))
            start += width

    def check_total(self) -> None:
        """Report weights that don't add up to 100, and mark the weight that is most likely wrong.

        If swapping the digits of one weight (54 to 45) makes the total 100, mark that weight. Otherwise, mark the first
        weight that can be replaced by a positive number so that the total is 100.
        """
        percents = [weighted.percent for weighted in self.headings]
        total = sum(percents)
        if not percents or abs(total - 100) < 0.01:
            return
        fixes = [(weighted, weighted.percent - total + 100) for weighted in self.headings]
        positive = [(weighted, percent) for weighted, percent in fixes if percent > 0]
        swapped = [(weighted, percent) for weighted, percent in positive if f"{percent:g}" == _swapped_digits(weighted)]
        weighted, percent = (swapped or positive or fixes)[0]
        count = NUMBER_WORDS[len(percents)] if len(percents) < len(NUMBER_WORDS) else str(len(percents))
        terms = " + ".join(f"{percent:g}" for percent in percents)
        message = f"The {count} dimensions add up to {total:g}%, not 100%: {terms}."
        if len(percents) == 1:
            message = f"The only dimension has {total:g}%, not 100%."
        self.context.problems.append(
            self.context.source.problem_at(
                "dimension-weights",
                message,
                f"Did you mean {percent:g}%?" if percent > 0 else "Lower the weights until they add up to 100%.",
                line=weighted.heading.line,
                text=weighted.weight_text,
            )
        )


def are_to_scale(weights: Sequence[Weight]) -> bool:
    """Return True if the weights add up to about 100%, and if the text of each weight fits under its segment.

    Otherwise, pages list the weights one below the other.
    """
    total = sum(weight.percent for weight in weights)
    return abs(total - 100) < MAX_ROUNDING_ERROR and all(weight.is_legible for weight in weights)


def _short_names(names: list[str]) -> list[str]:
    """Return the names without their last word, if all names end with the same word, such as “Dimension”."""
    words = [name.split() for name in names]
    share_last_word = len({name[-1] for name in words if name}) == 1 and all(len(name) > 1 for name in words)
    return [" ".join(name[:-1]) for name in words] if share_last_word else names


def _swapped_digits(weighted: _WeightedHeading) -> str:
    return f"{weighted.percent:g}"[::-1]


def _split(blocks: tuple[Block, ...]) -> Iterator[tuple[_WeightedHeading | None, list[Block]]]:
    """Yield each dimension's heading and blocks. The heading is None for blocks that belong to no dimension.

    A dimension ends at the next dimension, or at another heading of the same or a higher level.
    """
    dimension: _WeightedHeading | None = None
    inner: list[Block] = []
    for block in blocks:
        weighted = _parse_heading(block) if isinstance(block, Heading) else None
        ends = isinstance(block, Heading) and dimension is not None and block.level <= dimension.heading.level
        if weighted or ends:
            if dimension or inner:
                yield dimension, inner
            dimension, inner = (weighted, []) if weighted else (None, [block])
        else:
            inner.append(block)
    if dimension or inner:
        yield dimension, inner
