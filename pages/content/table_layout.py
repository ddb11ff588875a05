"""The layout of a table: its columns' alignment, and whether phones show each row as a block."""

from __future__ import annotations

from .blocks import Table

# Tables with at least this many columns get the full width of the page.
WIDE_TABLE_COLUMNS = 5

# The maximum lengths of a cell, in characters. A longer cell would need many lines on a phone, so phones show the
# table's rows as blocks. MAX_CELL is for tables with two columns, and MAX_NARROW_CELL for tables with more.
MAX_CELL = 50
MAX_NARROW_CELL = 24

# If the first column has only cells of at most this length, such as the numbers of a scale, a long cell beside them has
# enough space on a phone.
MAX_SHORT_CELL = 2


def stacked_headings(table: Table) -> tuple[str, ...]:
    """Return the headings of the columns if phones show each row as a block. Otherwise, return ().

    Rows become blocks if the last column has a long cell. Each cell after the first then shows its column's heading.
    """
    headings = tuple(cell.text for cell in table.head.cells)
    if not 2 <= len(headings) < WIDE_TABLE_COLUMNS or is_scale(table):
        return ()
    longest = MAX_CELL if len(headings) == 2 else MAX_NARROW_CELL
    last = (row.cells[-1].text for row in table.rows if len(row.cells) == len(headings))
    return headings if any(len(text) > longest for text in last) else ()


def is_scale(table: Table) -> bool:
    """Return whether the table has two columns, with only short cells in the first, such as a scale from 1 to 5."""
    first = [row.cells[0].text for row in table.rows if row.cells]
    return len(table.head.cells) == 2 and bool(first) and all(len(text) <= MAX_SHORT_CELL for text in first)


def alignment_class(block: Table, index: int) -> str:
    alignment = block.alignments[index] if index < len(block.alignments) else ""
    return f' class="align-{alignment}"' if alignment in ("center", "right") else ""
