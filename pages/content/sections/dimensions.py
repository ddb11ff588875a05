"""What is evaluated: the dimensions with their weights, and the skills in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, List, Paragraph
from ..markup import Html
from ..parts import Context, Part
from .section import Section, opening

_WEIGHTED = re.compile(r"(?P<name>.*?\S)\s*(?P<open>\(?)\s*(?P<weight>\d{1,3}(?:\.\d+)?)\s?%\s*(?P<close>\)?)\s*$")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Weight:
    """A dimension's share: `percent` of 100, beginning at `start`; `middle` is where its point is drawn."""

    name: str
    percent: float
    start: float

    @property
    def middle(self) -> float:
        return self.start + self.percent / 2

    @property
    def shown(self) -> str:
        return f"{self.percent:g}%"


@dataclass(frozen=True)
class Skill(Part):
    template: ClassVar[str] = "parts/skill.html"
    name: Html
    points: Html


@dataclass(frozen=True)
class Dimension:
    """`name` without its weight; `level` is its heading's; `order` its place among the page's dimensions, from 1."""

    name: Html
    anchor: str
    percent: float
    order: int
    body: tuple[Part, ...]
    line: int

    @property
    def shown(self) -> str:
        return f"{self.percent:g}%"


@dataclass(frozen=True)
class DimensionGroup(Part):
    template: ClassVar[str] = "parts/dimension_group.html"
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True)
class Dimensions(Section):
    kind: ClassVar[str] = "dimensions"
    weights: tuple[Weight, ...]


def matches(name: str) -> bool:
    return bool(re.fullmatch(r"WHAT .+ EVALUATES?|(?:EVALUATION |ASSESSMENT )?DIMENSIONS", name))


def continues(heading: Heading) -> bool:
    """Whether a heading as high as a section's own belongs to a section of this kind all the same."""
    return bool(_WEIGHTED.match(heading.written))


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Dimensions:
    start = opening(heading, blocks, context)
    reading = _Reading(context)
    body = tuple(reading.body(blocks))
    reading.check()
    weights = []
    total = 0.0
    for name, percent, _ in reading.weights:
        weights.append(Weight(name, percent, total))
        total += percent
    return Dimensions(*start, body, tuple(weights))


class _Reading:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.weights: list[tuple[str, float, Heading]] = []

    def body(self, blocks: tuple[Block, ...]) -> Iterator[Part]:
        """Neighbouring dimensions as one group, what stands between them as prose."""
        for is_dimension, group in groupby(_stretches(blocks), key=lambda stretch: stretch[0] is not None):
            if is_dimension:
                dimensions = tuple(self._dimension(head, inner) for head, inner in group if head)
                yield DimensionGroup(dimensions)
            else:
                yield from (part for _, inner in group for part in self.context.flow(inner))

    def _dimension(self, heading: Heading, blocks: list[Block]) -> Dimension:
        outline = self.context.outline
        match = _WEIGHTED.match(heading.written)
        assert match is not None
        shown = outline.heading(heading.inline).take(match.end("name"))
        percent = float(match["weight"])
        self.weights.append((shown.text, percent, heading))
        outline.level(heading.level)
        anchor = outline.anchor(match["name"])
        return Dimension(
            markup.text(shown), anchor, percent, len(self.weights), tuple(self._skills(blocks)), heading.line
        )

    def _skills(self, blocks: list[Block]) -> Iterator[Part]:
        pending: list[Block] = []
        for block in blocks:
            name = pending[-1] if pending else None
            if isinstance(block, List) and isinstance(name, Paragraph) and name.inline.is_strong:
                yield from self.context.flow(pending[:-1])
                pending.clear()
                yield Skill(markup.text(name.inline), self.context.prose([block]))
            else:
                pending.append(block)
        yield from self.context.flow(pending)

    def check(self) -> None:
        """The weights of a page add up to 100; points at the weight that is likeliest to be wrong."""
        percents = [percent for _, percent, _ in self.weights]
        total = sum(percents)
        if not percents or abs(total - 100) < 0.01:
            return
        wrong = [(index, percent - total + 100) for index, percent in enumerate(percents) if percent - total + 100 > 0]
        swapped = [pair for pair in wrong if f"{pair[1]:g}" == f"{percents[pair[0]]:g}"[::-1]]
        index, right = (swapped or wrong or [(0, 0.0)])[0]
        heading = self.weights[index][2]
        match = _WEIGHTED.match(heading.written)
        count = NUMBERS[len(percents)] if len(percents) < len(NUMBERS) else str(len(percents))
        plural = "dimensions add" if len(percents) > 1 else "dimension adds"
        summed = " + ".join(f"{percent:g}" for percent in percents)
        self.context.problems.append(
            self.context.source.problem_at(
                "dimension-weights",
                f"the {count} {plural} up to {total:g}%, not 100%: {summed}",
                f"did you mean {right:g}%?" if right else "lower the weights until they add up to 100%",
                line=heading.line,
                text=heading.written[match.start("weight") : match.end("weight")] + "%" if match else "",
            )
        )


def _stretches(blocks: tuple[Block, ...]) -> Iterator[tuple[Heading | None, list[Block]]]:
    """Blocks by the dimension's heading that they stand under; None before the first, and after a heading as high."""
    heading: Heading | None = None
    inner: list[Block] = []
    for block in blocks:
        weighted = isinstance(block, Heading) and _WEIGHTED.match(block.written)
        ends = isinstance(block, Heading) and heading is not None and block.level <= heading.level
        if weighted or ends:
            if heading or inner:
                yield heading, inner
            heading, inner = (block, []) if weighted and isinstance(block, Heading) else (None, [block])
        else:
            inner.append(block)
    if heading or inner:
        yield heading, inner
