"""Number formats of the ROI calculator's workbook, with Indian digit grouping such as ₹10,00,000."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ..xlsx_format import INK, Book, Sheet

# “General” shows all decimals, but no commas. Other number formats, such as RUPEES, can group digits. But each number
# of commas needs its own condition, and a number format has at most two conditions. So `DigitGrouping` adds a
# conditional format for each number of commas, up to MAX_COMMAS. Programs that don't support conditional formats use
# only the formats below.
COUNT, EXACT_RUPEES, SIGNED_RUPEES = "General", '"₹"General', '"₹"#,##0;"−₹"#,##0'
RUPEES = r'[>=10000000]"₹"##\,##\,##\,##0;[>=100000]"₹"##\,##\,##0;"₹"#,##0'
MAX_COMMAS = 6


class DigitGrouping:
    """Groups the digits of whole numbers with conditional formats. Other numbers keep all their decimals."""

    def __init__(self, book: Book) -> None:
        self.book = book
        # Row indexes, keyed by sheet, column, and whether the cells hold amounts.
        self.rows: dict[tuple[Worksheet, int, bool], list[int]] = {}

    def group(self, sheet: Sheet, column: int, number: str) -> None:
        """Record that the sheet's next row needs digit grouping in `column`. `write` adds the grouping later.

        `number` is the cell's number format, such as RUPEES.
        """
        self.rows.setdefault((sheet.worksheet, column, "₹" in number), []).append(sheet.row)

    def write(self) -> None:
        """Write the conditional formats. Call this once, at the end.

        The formats have literal commas (`\\,`), because a German computer would show other commas as periods.
        """
        for (worksheet, column, is_amount), rows in self.rows.items():
            cell = xl_rowcol_to_cell(rows[0], column)
            # If two neighboring cells have the same conditional format, LibreOffice forgets the right cell's indent. So
            # in every second column, the format also sets a color: INK, which all cells have anyway.
            color: dict[str, Any] = {"font_color": INK} if column % 2 else {}
            places = " ".join(xl_rowcol_to_cell(row, column) for row in rows)
            rule = {"type": "formula", "multi_range": places, "stop_if_true": True}
            for commas in range(MAX_COMMAS, 0, -1):
                is_grouped = f"=AND(ABS({cell})>={10 ** (2 * commas + 1)},ROUND({cell},9)=ROUND({cell},0))"
                digits = r"##\," * commas + "##0"
                number = {"num_format": f'"₹"{digits};"−₹"{digits}' if is_amount else digits}
                style = {"criteria": is_grouped, "format": self.book.workbook.add_format(number | color)}
                worksheet.conditional_format(rows[0], column, rows[0], column, rule | style)
