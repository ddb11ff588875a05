"""CSS classes for tables that need a layout of their own."""

from __future__ import annotations

from .blocks import Table

# Tables with at least this many columns get the full width of the page.
WIDE_TABLE_COLUMNS = 5

# On a phone, a table of two columns puts a longer text, in characters, under its row's heading.
LONGEST_BESIDE_HEADING = 50


def shape_class(table: Table, columns: int) -> str:
    """Return the class for the shape of `table`, after a space. Return "" if it needs none."""
    if columns >= WIDE_TABLE_COLUMNS:
        return " wide-table"
    texts = [cell.text for row in table.rows for cell in row.cells[1:]]
    return " text-table" if columns == 2 and any(len(text) > LONGEST_BESIDE_HEADING for text in texts) else ""
