"""Find the calculations in tables: totals of rows and columns, and a count multiplied by a price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .blocks import Table
from .figures import Figure, to_figure
from .inlines import Inline
from .located_text import LocatedText, inline_text
from .sums import Calculation, Equation
from .written_figures import precision

# Labels of totals, in lower case. A total in another language has no label here, so it isn't checked.
_TOTALS = frozenset({"total", "totals", "sum", "altogether", "in total", "grand total"})


@dataclass(frozen=True)
class Cell:
    """A table cell that has only one figure."""

    text: LocatedText
    figure: Figure


@dataclass(frozen=True)
class TableSum:
    """A calculation in a table: the cells of its figures, and the cell of its result."""

    equation: Equation
    parts: tuple[Cell, ...]
    total: Cell


def find_table_sums(table: Table) -> Iterator[TableSum]:
    """Yield the sums in `table`, right or wrong."""
    labels = [row.cells[0].text if row.cells else "" for row in table.rows]
    headings = [cell.text for cell in table.head.cells]
    if not any(map(is_total_label, (*labels[-1:], *headings[-1:]))):
        return
    rows = [[_cell(cell) for cell in row.cells] for row in table.rows]
    if len(rows) > 2 and is_total_label(labels[-1]) and not any(map(is_total_label, labels[:-1])):
        for index in range(1, len(rows[-1])):
            column = [row[index] if index < len(row) else None for row in rows]
            yield from _column_sum(column)
    if len(headings) > 2 and is_total_label(headings[-1]):
        body = [row for row, label in zip(rows, labels, strict=True) if not is_total_label(label)]
        yield from _row_sums([row for row in body if len(row) == len(headings)])


def is_total_label(text: str) -> bool:
    """Return whether the row or column with the label `text` has totals."""
    return text.strip().rstrip(":").rstrip().lower() in _TOTALS


def _column_sum(column: Sequence[Cell | None]) -> Iterator[TableSum]:
    cells = [cell for cell in column if cell]
    if len(cells) < len(column) or not _have_same_unit(cells):
        return
    *parts, total = cells
    # If the total isn't above the largest part, the total is not a sum, but an average or a weighted score.
    if total.figure.low <= max(part.figure.low for part in parts):
        return
    yield _table_sum(parts, total, "+")


def _row_sums(rows: Sequence[Sequence[Cell | None]]) -> Iterator[TableSum]:
    """Yield the sum or product in each row. Its total is in the row's last cell.

    First read all rows as sums. If at least half of the sums are right, yield all of them, because the wrong ones are
    probably mistakes. If more than half are wrong, read the rows as products in the same way. If more than half of the
    products are wrong, too, yield nothing.
    """
    for operator in "+×":
        sums = [found for row in rows if (found := _row_sum(row, operator))]
        right = sum(found.equation.holds for found in sums)
        if right and right * 2 >= len(sums):
            yield from sums
            return


def _row_sum(row: Sequence[Cell | None], operator: str) -> TableSum | None:
    cells = [cell for cell in (row[1:] if row[0] is None or len(row) > 3 else row) if cell]
    if len(cells) < 3:
        return None
    *parts, total = cells
    if operator == "×":
        kinds = sorted(part.figure.kind for part in parts)
        return _table_sum(parts, total, "×") if kinds == ["count", "money"] and total.figure.kind == "money" else None
    return _table_sum(parts, total, "+") if _have_same_unit(cells) else None


def _table_sum(parts: Sequence[Cell], total: Cell, operator: str) -> TableSum:
    calculation = Calculation(tuple(part.figure for part in parts), (operator,) * (len(parts) - 1))
    equation = Equation(calculation, total.figure, precision(total.text.text, total.figure))
    if total.figure.kind == "percentage" and equation.expected is not None:
        # Rounding changes each percentage by up to half a unit of the last digit: 12% may stand for 11.5% to 12.5%.
        difference = abs(equation.expected - total.figure.low)
        equation = replace(equation, is_about=difference <= equation.step * len(parts) / 2)
    return TableSum(equation, tuple(parts), total)


def _have_same_unit(cells: Sequence[Cell]) -> bool:
    return len({(cell.figure.kind, cell.figure.unit) for cell in cells}) == 1


def _cell(cell: Inline) -> Cell | None:
    """Return the cell with its figure, if the cell has one figure and nothing else. Otherwise, return None.

    Also return None for a range, a phone number, or a multiple such as “3x”.
    """
    located = inline_text(cell)
    figure = to_figure(located.text)
    if figure is None or figure.low != figure.high or figure.kind in ("multiple", "phone"):
        return None
    offset = len(located.text) - len(located.text.lstrip())
    return Cell(located, figure._replace(start=figure.start + offset, end=figure.end + offset))
