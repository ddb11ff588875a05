"""The calculator section. The document's table lists the inputs; the formula is in `pages/calculator/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Row, Table
from ..components import Component, Context
from ..markup import Html
from ..numbers import parse_number
from ..problems import MIN_SIMILARITY
from .base import Section, start_section

COLUMNS = ("Input", "Name", "Default", "Unit", "From", "To", "Help")

# The formula's parameters in order, each with its unit. The page's query string uses the same names.
UNITS = {
    "hires": "people",
    "candidates": "people",
    "hours": "hours",
    "rate": "rupees an hour",
    "mishires": "percent",
    "mishire_cost": "rupees",
    "price": "rupees",
    "saved": "percent",
    "avoided": "percent",
}
NAMES = tuple(UNITS)


@dataclass(frozen=True)
class Quantity:
    """One input. `name` is one of NAMES. The input's values go from `lowest` to `highest`, inclusive."""

    name: str
    label: str
    default: Decimal
    unit: str
    lowest: Decimal
    highest: Decimal
    help: Html


@dataclass(frozen=True)
class Inputs(Component):
    """The calculator's inputs: one quantity for each name in NAMES, in the order of the document's table."""

    template: ClassVar[str] = "components/calculator.html"
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True)
class Calculator(Section):
    kind: ClassVar[str] = "calculator"
    template: ClassVar[str] = "sections/stacked.html"

    @property
    def inputs(self) -> Inputs | None:
        return next((part for part in self.body if isinstance(part, Inputs)), None)


def matches(name: str) -> bool:
    return name.endswith("CALCULATOR")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Calculator:
    tables = [block for block in blocks if isinstance(block, Table)]
    if tables and not any(_column_names(table) == COLUMNS for table in tables):
        message = "This table doesn't have the columns of a calculator."
        _add_problem(context, tables[0].line, "", message, f"Use the columns {' | '.join(COLUMNS)}, in this order.")
    start = start_section(heading, blocks, context)
    return Calculator(*start, context.build_body(blocks, lambda block: _inputs(block, context)))


def _column_names(table: Table) -> tuple[str, ...]:
    return tuple(cell.text.strip().title() for cell in table.head.cells)


def _inputs(block: Block, context: Context) -> Inputs | None:
    """Return the inputs in a table, or None if the table has other columns than COLUMNS, or a missing or invalid row.

    If None is returned, the table is shown as a plain table.
    """
    if not isinstance(block, Table) or _column_names(block) != COLUMNS:
        return None
    lines: dict[str, int] = {}
    rows = [_quantity(row, context, lines) for row in block.rows]
    quantities = tuple(quantity for quantity in rows if quantity)
    missing = [name for name in NAMES if name not in lines]
    if missing and len(quantities) == len(rows):
        message = f"The calculator has no row for {', '.join(f'“{name}”' for name in missing)}."
        help = "For each of these names, add a row with the name in the column “Name”."
        _add_problem(context, block.line, "Input", message, help)
    return Inputs(quantities) if len(quantities) == len(rows) == len(NAMES) else None


def _quantity(row: Row, context: Context, lines: dict[str, int]) -> Quantity | None:
    """Return a row's quantity, or None if the row has a problem. Store the row's line in `lines`, keyed by name."""
    cells = [*(cell.text.strip() for cell in row.cells), *[""] * len(COLUMNS)]
    label, name, default, unit, lowest, highest = cells[:6]
    numbers = [parse_number(text, unit) for text in (default, lowest, highest)]
    problem = next(_row_problems(cells, numbers, lines), None)
    lines.setdefault(name, row.line)
    if problem:
        _add_problem(context, row.line, *problem)
        return None
    value, low, high = (number or Decimal() for number in numbers)
    help = markup.render_inline(row.cells[6]) if len(row.cells) > 6 else Html()
    return Quantity(name, label, value, unit, low, high, help)


def _row_problems(
    cells: list[str], numbers: list[Decimal | None], lines: dict[str, int]
) -> Iterator[tuple[str, str, str]]:
    """Yield `(text to mark, message, help)` for each problem of a row."""
    label, name, default, unit, lowest, highest = cells[:6]
    if name not in UNITS:
        near = get_close_matches(name, NAMES, n=1, cutoff=MIN_SIMILARITY)
        help = f"Did you mean “{near[0]}”?" if near else f"Use one of these names: {', '.join(NAMES)}."
        yield name, f"The calculator has no input named “{name}”.", help
        return
    if name in lines:
        yield name, f"The input “{name}” is already on line {lines[name]}.", "Keep one row for each name."
    if not label:
        yield name, f"The input “{name}” has no label.", "In the column “Input”, write a label for visitors."
    if unit != UNITS[name]:
        message = f"The unit of “{name}” must be “{UNITS[name]}”."
        yield unit or name, message, f"In the column “Unit”, write “{UNITS[name]}”."
    for text, number, column in zip((default, lowest, highest), numbers, ("Default", "From", "To"), strict=True):
        if number is None:
            missing = f"The input “{name}” has no number in the column “{column}”."
            message = f"The value “{text}” is not a number." if text else missing
            yield text or name, message, f"In the column “{column}”, write digits, such as 12 or 2,500."
    if all(number is not None for number in numbers):
        value, low, high = (number or Decimal() for number in numbers)
        if not low <= value <= high:
            message = f"The default {default} is not between {lowest} and {highest}."
            yield default, message, "Change the default, or change “From” and “To”."
        if unit == "percent" and high > 100:
            message = f"The range goes up to {highest}, which is more than 100 percent."
            yield highest, message, "In the column “To”, write 100 or less."


def _add_problem(context: Context, line: int, text: str, message: str, help: str) -> None:
    context.problems.append(context.source.problem_at("calculator-input", message, help, line=line, text=text))
