"""The pricing section: a table of plans, shown side by side, and a list of what all plans include."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ..blocks import Block, Heading, List, Paragraph, Table
from ..calls_to_action import CallToAction, is_call_label, parse_calls
from ..components import Cell, Component, Context, Grid, build_grid
from ..inlines import Inline
from ..markup import Html
from .base import Section, start_section


@dataclass(frozen=True)
class CallCell(Cell):
    """A cell with calls to action, which the page shows as buttons."""

    calls: tuple[CallToAction, ...] = ()


@dataclass(frozen=True)
class Plans(Component):
    """A table with one row for each plan. The first columns are the plan's name and price.

    Phones show each cell with its column's heading, unless the cell's `heading` is empty.
    """

    template: ClassVar[str] = "components/plans.html"
    grid: Grid
    caption: str

    @property
    def has_calls(self) -> bool:
        return any(isinstance(cell, CallCell) for row in self.grid.rows for cell in row)


@dataclass(frozen=True)
class Inclusions(Component):
    """A list of what all plans include. `label` is the line above the list."""

    template: ClassVar[str] = "components/inclusions.html"
    label: str
    html: Html


@dataclass(frozen=True)
class Pricing(Section):
    kind: ClassVar[str] = "pricing"
    template: ClassVar[str] = "sections/stacked.html"


def matches(name: str) -> bool:
    return name.startswith("PRICING") or name in ("PLANS", "PRICES", "PLANS AND PRICING")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Pricing:
    start = start_section(heading, blocks, context)
    caption = context.outline.to_sentence_case(heading.inline).text if heading else ""
    return Pricing(*start, tuple(_body(blocks, caption, context)))


def _body(blocks: tuple[Block, ...], caption: str, context: Context) -> Iterator[Component]:
    pending: list[Block] = []
    for block in blocks:
        part: Component | None = None
        if isinstance(block, Table) and _fits_side_by_side(block):
            part = Plans(_grid(block), caption)
        elif isinstance(block, List) and pending and (label := _label(pending[-1])):
            pending.pop()
            part = Inclusions(label, context.render_prose([block]))
        if part:
            yield from context.to_components(pending)
            pending.clear()
            yield part
        else:
            pending.append(block)
    yield from context.to_components(pending)


def _label(block: Block) -> str:
    """Return the label if `block` is only a line such as `**In every plan:**`; otherwise an empty string."""
    label = block.inline.split_label() if isinstance(block, Paragraph) else None
    return label[0] if label and not label[1] and not is_call_label(label[0]) else ""


def _grid(table: Table) -> Grid:
    grid = build_grid(table)
    return Grid(
        grid.columns,
        tuple(
            tuple(
                _cell(cell, inline, column) for column, (cell, inline) in enumerate(zip(row, cells.cells, strict=False))
            )
            for row, cells in zip(grid.rows, table.rows, strict=True)
        ),
    )


def _cell(cell: Cell, content: Inline, column: int) -> Cell:
    if calls := parse_calls(content) if column > 1 else ():
        return CallCell(Html(), "", calls=calls)
    # The heading of the price column is a unit, such as "Per assessment". A price without digits, such as "Custom",
    # has no unit.
    is_shown = bool(re.search(r"\d", cell.html)) if column == 1 else column > 2
    return cell if is_shown else replace(cell, heading="")


def _fits_side_by_side(table: Table) -> bool:
    """Return whether a table is small enough to show its plans side by side.

    A larger table is shown as an ordinary table.
    """
    cells = [cell for row in (table.head, *table.rows) for cell in row.cells]
    short = all(len(cell.text) <= 60 for cell in cells)
    return short and 1 <= len(table.rows) <= 4 and all(2 <= len(row.cells) <= 5 for row in (table.head, *table.rows))
