"""What is evaluated: the dimensions with their weights, and the skills in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, List, Paragraph
from ..components import Component, Context
from ..intervals import Interval
from ..markup import Html
from .base import Section, opening

_WEIGHT = re.compile(r"\(?\s?(?<![\d.])(?P<weight>\d{1,3}(?:\.\d{1,4})?)(?P<sign>\s?%)\s?\)?\s?$")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Weight:
    """A dimension's share: `percent` of 100, beginning at `start`."""

    name: str
    percent: float
    start: float

    @property
    def interval(self) -> Interval:
        return Interval(self.start, self.start + self.percent, self.start + self.percent / 2)

    @property
    def shown(self) -> str:
        return f"{self.percent:g}%"


@dataclass(frozen=True)
class Skill(Component):
    template: ClassVar[str] = "components/skill.html"
    name: Html
    points: Html


@dataclass(frozen=True)
class Dimension:
    """`name` without its weight; `order` is its place among the page's dimensions, from 1."""

    name: Html
    anchor: str
    percent: float
    order: int
    body: tuple[Component, ...]

    @property
    def shown(self) -> str:
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
    """Whether a heading names a dimension: one as high as a section's own belongs to its section all the same."""
    return _weighted(heading) is not None


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Dimensions:
    start = opening(heading, blocks, context)
    reading = _Reading(context)
    body = tuple(reading.body(blocks))
    reading.check()
    return Dimensions(*start, body, tuple(reading.drawn()))


@dataclass(frozen=True)
class _Weighted:
    """A heading that gives a weight: `name_end` is where its name ends, `written` the weight as it stands there."""

    heading: Heading
    name_end: int
    percent: float
    written: str


def _weighted(heading: Heading) -> _Weighted | None:
    match = _WEIGHT.search(heading.raw_text)
    name = heading.raw_text[: match.start()].rstrip(" \u00a0—–:-") if match else ""
    if not match or not name:
        return None
    return _Weighted(heading, len(name), float(match["weight"]), match["weight"] + match["sign"])


class _Reading:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.weights: list[_Weighted] = []

    def body(self, blocks: tuple[Block, ...]) -> Iterator[Component]:
        """Neighboring dimensions as one group, what stands between them as prose."""
        for is_dimension, group in groupby(_stretches(blocks), key=lambda stretch: stretch[0] is not None):
            if is_dimension:
                yield DimensionGroup(tuple(self._dimension(head, inner) for head, inner in group if head))
            else:
                yield from (part for _, inner in group for part in self.context.to_components(inner))

    def _dimension(self, weighted: _Weighted, blocks: list[Block]) -> Dimension:
        self.weights.append(weighted)
        heading, outline = weighted.heading, self.context.outline
        shown = outline.to_sentence_case(heading.inline.take(weighted.name_end))
        outline.record_heading(3, heading.level)
        anchor = outline.unique_anchor(shown.text)
        body = tuple(self._skills(blocks))
        return Dimension(markup.render_text(shown), anchor, weighted.percent, len(self.weights), body)

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

    def drawn(self) -> Iterator[Weight]:
        start = 0.0
        for weighted in self.weights:
            name = self.context.outline.to_sentence_case(weighted.heading.inline.take(weighted.name_end)).text
            yield Weight(name, weighted.percent, start)
            start += weighted.percent

    def check(self) -> None:
        """The weights of a page add up to 100; points at the weight that is likeliest to be wrong."""
        percents = [weighted.percent for weighted in self.weights]
        total = sum(percents)
        if not percents or abs(total - 100) < 0.01:
            return
        mends = [(weighted, weighted.percent - total + 100) for weighted in self.weights]
        possible = [(weighted, right) for weighted, right in mends if right > 0]
        swapped = [(weighted, right) for weighted, right in possible if f"{right:g}" == f"{weighted.percent:g}"[::-1]]
        wrong, right = (swapped or possible or mends)[0]
        count = NUMBERS[len(percents)] if len(percents) < len(NUMBERS) else str(len(percents))
        plural = "dimensions add" if len(percents) > 1 else "dimension adds"
        summed = " + ".join(f"{percent:g}" for percent in percents)
        self.context.problems.append(
            self.context.source.problem_at(
                "dimension-weights",
                f"the {count} {plural} up to {total:g}%, not 100%: {summed}",
                f"did you mean {right:g}%?" if right > 0 else "lower the weights until they add up to 100%",
                line=wrong.heading.line,
                text=wrong.written,
            )
        )


def _stretches(blocks: tuple[Block, ...]) -> Iterator[tuple[_Weighted | None, list[Block]]]:
    """Blocks by the dimension that they stand under; None before the first, and after another heading as high."""
    dimension: _Weighted | None = None
    inner: list[Block] = []
    for block in blocks:
        weighted = _weighted(block) if isinstance(block, Heading) else None
        ends = isinstance(block, Heading) and dimension is not None and block.level <= dimension.heading.level
        if weighted or ends:
            if dimension or inner:
                yield dimension, inner
            dimension, inner = (weighted, []) if weighted else (None, [block])
        else:
            inner.append(block)
    if dimension or inner:
        yield dimension, inner
