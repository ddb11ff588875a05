"""A calculator: its inputs stand in the document's table, its formula in `pages/tools/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Row, Table
from ..markup import Html
from ..numbers import number_of
from ..parts import Context, Part
from .section import Section, opening

COLUMNS = ("Input", "Name", "Default", "Unit", "From", "To", "Help")

# What the formula of the return on investment takes, in its order; the same names stand in the page's address.
NAMES = ("hires", "candidates", "hours", "rate", "mishires", "mishire_cost", "price", "saved", "avoided")


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
class Inputs(Part):
    """A table of all that the formula takes."""

    template: ClassVar[str] = "parts/calculator.html"
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True)
class Calculator(Section):
    kind: ClassVar[str] = "calculator"

    @property
    def inputs(self) -> Inputs | None:
        return next((part for part in self.body if isinstance(part, Inputs)), None)


def matches(name: str) -> bool:
    return name.endswith("CALCULATOR")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Calculator:
    return Calculator(*opening(heading, blocks, context), context.body(blocks, lambda block: _inputs(block, context)))


def _inputs(block: Block, context: Context) -> Inputs | None:
    """The inputs of a table with the columns of COLUMNS. One that the formula cannot be fed from stays a table."""
    if not isinstance(block, Table) or tuple(cell.text.strip().title() for cell in block.head.cells) != COLUMNS:
        return None
    read = [(row, _quantity(row, context)) for row in block.rows]
    quantities = [quantity for _, quantity in read if quantity]
    missing = set(NAMES) - {quantity.name for quantity in quantities}
    if missing and len(quantities) == len(block.rows):
        named = ", ".join(name for name in NAMES if name in missing)
        message = f"the calculator needs a row for each of its inputs, and has none for {named}"
        _problem(context, block.line, "Input", message, f"add a row with {named} under Name")
    return None if missing else Inputs(tuple(quantities))


def _quantity(row: Row, context: Context) -> Quantity | None:
    cells = [*(cell.text.strip() for cell in row.cells), *[""] * len(COLUMNS)]
    label, name, default, unit, lowest, highest = cells[:6]
    numbers = [number_of(text) for text in (default, lowest, highest)]
    wrong = next(_wrong(name, cells, numbers), None)
    if wrong:
        _problem(context, row.line, *wrong)
        return None
    value, low, high = (number or Decimal() for number in numbers)
    return Quantity(name, label, value, unit, low, high, markup.inline(row.cells[6]) if len(row.cells) > 6 else Html())


def _wrong(name: str, cells: list[str], numbers: list[Decimal | None]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: where, what, and the mend."""
    if name not in NAMES:
        near = get_close_matches(name, NAMES, n=1)
        yield (
            name,
            f"“{name}” is no input of the calculator",
            f"did you mean {near[0]}?" if near else f"write one of {', '.join(NAMES)}",
        )
    for text, number, column in zip((cells[2], cells[4], cells[5]), numbers, ("Default", "From", "To"), strict=True):
        if number is None:
            yield text, f"“{text}” is no number", f"write digits under {column}, as 12 or 2,500"
    default, lowest, highest = numbers
    if default is not None and lowest is not None and highest is not None and not lowest <= default <= highest:
        yield (
            cells[2],
            f"the default {cells[2]} is not between {cells[4]} and {cells[5]}",
            "change the default, or From and To",
        )


def _problem(context: Context, line: int, text: str, message: str, help: str) -> None:
    context.problems.append(context.source.problem_at("calculator-input", message, help, line=line, text=text))
