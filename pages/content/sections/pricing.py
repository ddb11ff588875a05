"""The pricing section: a table of plans, shown side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading, Table
from ..components import Component, Context, Grid, build_grid
from .base import Section, start_section


@dataclass(frozen=True)
class Plans(Component):
    """A table with one row for each plan. The first columns are the plan's name and price."""

    template: ClassVar[str] = "components/plans.html"
    grid: Grid
    caption: str


@dataclass(frozen=True)
class Pricing(Section):
    kind: ClassVar[str] = "pricing"
    template: ClassVar[str] = "sections/stacked.html"


def matches(name: str) -> bool:
    return name.startswith("PRICING") or name in ("PLANS", "PRICES", "PLANS AND PRICING")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Pricing:
    start = start_section(heading, blocks, context)
    caption = context.outline.to_sentence_case(heading.inline).text if heading else ""

    def part_of(block: Block) -> Component | None:
        return Plans(build_grid(block), caption) if isinstance(block, Table) and _fits_side_by_side(block) else None

    return Pricing(*start, context.build_body(blocks, part_of))


def _fits_side_by_side(table: Table) -> bool:
    """Return whether a table is small enough to show its plans side by side.

    A larger table is shown as an ordinary table.
    """
    cells = [cell for row in (table.head, *table.rows) for cell in row.cells]
    short = all(len(cell.text) <= 60 for cell in cells)
    return short and 1 <= len(table.rows) <= 4 and all(2 <= len(row.cells) <= 4 for row in (table.head, *table.rows))
