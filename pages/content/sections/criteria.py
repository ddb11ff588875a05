"""The criteria section: a table of great answers and red flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading, Table
from ..components import Component, Context, Grid, build_grid
from .base import Section, start_section

# The tone of a column, keyed by a word in the column's heading. The tone decides the mark in the column's cells.
TONES = {"red flag": "flag", "weak": "flag", "poor": "flag", "great": "great", "strong": "great", "good": "great"}


# On a tablet, more columns would be too narrow to read. A table with more columns is shown as an ordinary table, which
# can scroll.
MAX_COLUMNS = 4


@dataclass(frozen=True)
class CriteriaTable(Component):
    template: ClassVar[str] = "components/criteria_table.html"
    grid: Grid
    caption: str


@dataclass(frozen=True)
class Criteria(Section):
    kind: ClassVar[str] = "criteria"
    template: ClassVar[str] = "sections/stacked.html"


def matches(name: str) -> bool:
    return name.endswith("CRITERIA")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Criteria:
    start = start_section(heading, blocks, context)
    caption = context.outline.to_sentence_case(heading.inline).text if heading else ""

    def part_of(block: Block) -> Component | None:
        if not isinstance(block, Table) or max(len(row.cells) for row in (block.head, *block.rows)) > MAX_COLUMNS:
            return None
        return CriteriaTable(build_grid(block, TONES), caption)

    return Criteria(*start, context.build_body(blocks, part_of))
