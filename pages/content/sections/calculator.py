"""A calculator: its inputs stand in the document's table, its formula in `pages/tools/`."""

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
from .base import Section, opening

COLUMNS = ("Input", "Name", "Default", "Unit", "From", "To", "Help")

# What the formula of the return on investment takes, in its order, and in what unit; the same names stand in the page's
# address.
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
    """One input. `name` is one of NAMES; `lowest` and `highest` are allowed themselves."""

    name: str
    label: str
    default: Decimal
    unit: str
    lowest: Decimal
    highest: Decimal
    help: Html


@dataclass(frozen=True)
class Inputs(Component):
    """A table of all that the formula takes."""

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
    if tables and not any(_head(table) == COLUMNS for table in tables):
        message = "the columns are not those that the calculator reads its inputs from"
        _problem(context, tables[0].line, "", message, f"name them {' | '.join(COLUMNS)}, in this order")
    return Calculator(
        *opening(heading, blocks, context), context.build_body(blocks, lambda block: _inputs(block, context))
    )


def _head(table: Table) -> tuple[str, ...]:
    return tuple(cell.text.strip().title() for cell in table.head.cells)


def _inputs(block: Block, context: Context) -> Inputs | None:
    """The inputs of a table with the columns of COLUMNS. One that the formula cannot be fed from stays a table."""
    if not isinstance(block, Table) or _head(block) != COLUMNS:
        return None
    seen: dict[str, int] = {}
    read = [_quantity(row, context, seen) for row in block.rows]
    quantities = tuple(quantity for quantity in read if quantity)
    missing = [name for name in NAMES if name not in seen]
    if missing and len(quantities) == len(read):
        message = f"the calculator needs a row for each of its inputs, and has none for {', '.join(missing)}"
        _problem(context, block.line, "Input", message, f"add a row with {', '.join(missing)} under Name")
    return Inputs(quantities) if len(quantities) == len(read) == len(NAMES) else None


def _quantity(row: Row, context: Context, seen: dict[str, int]) -> Quantity | None:
    """The quantity of a row, or None for one with a problem; `seen` gathers the line of each name."""
    cells = [*(cell.text.strip() for cell in row.cells), *[""] * len(COLUMNS)]
    label, name, default, unit, lowest, highest = cells[:6]
    numbers = [parse_number(text, unit) for text in (default, lowest, highest)]
    wrong = next(_wrong(cells, numbers, seen), None)
    seen.setdefault(name, row.line)
    if wrong:
        _problem(context, row.line, *wrong)
        return None
    value, low, high = (number or Decimal() for number in numbers)
    return Quantity(
        name, label, value, unit, low, high, markup.render_inline(row.cells[6]) if len(row.cells) > 6 else Html()
    )


def _wrong(cells: list[str], numbers: list[Decimal | None], seen: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: where, what, and the mend."""
    label, name, default, unit, lowest, highest = cells[:6]
    if name not in UNITS:
        near = get_close_matches(name, NAMES, n=1)
        help = f"did you mean {near[0]}?" if near else f"write one of {', '.join(NAMES)}"
        yield name, f"“{name}” is no input of the calculator", help
        return
    if name in seen:
        yield name, f"“{name}” stands in line {seen[name]} already", "leave one row for each input"
    if not label:
        yield name, f"the input {name} has no label", "write under Input what a visitor is to enter"
    if unit != UNITS[name]:
        message = f"the formula reckons {name} in {UNITS[name]}, not in “{unit}”"
        yield unit or name, message, f"write {UNITS[name]} under Unit"
    for text, number, column in zip((default, lowest, highest), numbers, ("Default", "From", "To"), strict=True):
        if number is None:
            message = f"“{text}” is no number of {unit}" if text else f"{name} has no number under {column}"
            yield text or name, message, f"write digits under {column}, as 12 or 2,500"
    if all(number is not None for number in numbers):
        value, low, high = (number or Decimal() for number in numbers)
        if not low <= value <= high:
            message = f"the default {default} is not between {lowest} and {highest}"
            yield default, message, "change the default, or From and To"
        if unit == "percent" and high > 100:
            yield highest, f"{highest} percent is more than all there is", "write 100 or less under To"


def _problem(context: Context, line: int, text: str, message: str, help: str) -> None:
    context.problems.append(context.source.problem_at("calculator-input", message, help, line=line, text=text))
