"""Workbooks for spreadsheet programs, in one style. The same content always gives the same bytes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import zip_longest
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# From static/css/tokens.css. PALE marks the cells to fill in.
INK, SOFT, EDGE, OFF = "#2D2D3A", "#4A4A5A", "#B9BAC4", "#F0F1F4"
YELLOW, GREY, RED = "#F5B941", "#8F8FA3", "#E85D4C"
PALE, FLAG, GREAT = "#FFF4D6", "#B93625", "#1F7A4C"

# Any spreadsheet program has this font, or a font with the same widths.
FONT = "Arial"

# Limits of XLSX: three lengths in characters, and the maximum height of a row in points
# (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3).
MAX_TEXT, MAX_URL, MAX_PROPERTY, MAX_ROW_HEIGHT = 32_767, 2_079, 255, 409

LINE_HEIGHT, PADDING, TITLE_HEIGHT = 14, 4, 32  # Heights in points. Text is 10 points high.
MAX_LINES = (MAX_ROW_HEIGHT - PADDING) // LINE_HEIGHT
A4 = 9  # paper size

# Without a fixed date, the bytes would change from run to run.
_CREATED = datetime(2000, 1, 1)

STYLES: Mapping[str, Mapping[str, Any]] = {
    "text": {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top", "text_wrap": True},
    "title": {"font_size": 20, "bold": True, "valign": "vcenter", "text_wrap": False},
    "heading": {
        "font_size": 13,
        "bold": True,
        "valign": "vcenter",
        "bottom": 2,
        "bottom_color": INK,
        "text_wrap": False,
    },
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": INK, "valign": "vcenter", "align": "left", "indent": 1},
    "row": {"bottom": 1, "bottom_color": EDGE, "align": "left", "indent": 1},
    "sum": {"bold": True, "top": 1, "bottom": 2, "top_color": INK, "bottom_color": INK, "align": "left", "indent": 1},
    "input": {"bg_color": PALE, "border": 1, "border_color": GREY, "align": "left", "indent": 1},
    "line": {"text_wrap": False},
    "soft": {"font_color": SOFT},
    "bold": {"bold": True},
    "large": {"font_size": 16, "bold": True},
    "center": {"align": "center", "indent": 0},
    "left": {"align": "left"},
    "right": {"align": "right", "text_wrap": False, "indent": 1},
    "middle": {"valign": "vcenter"},
    "great": {"font_color": GREAT},
    "flag": {"font_color": FLAG},
}


class Book:
    """A workbook. Texts of documents are written only by `write_text`, so that no text becomes a formula."""

    def __init__(self, title: str, url: str) -> None:
        """`url` is the absolute URL of the workbook's page. It is printed at the bottom of every sheet."""
        self.url = url
        self._file = BytesIO()
        # Excel measures the widths of columns in digits of the default font.
        font = {"font_name": FONT, "font_size": 10}
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook = Workbook(self._file, options | {"default_format_properties": font})
        self.workbook.set_properties({"title": title[:MAX_PROPERTY], "created": _CREATED})
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[str, ...], Format] = {}

    def style(self, *names: str, number: str = "") -> Format:
        """Return the format with the properties of all STYLES in `names`. `number` is a number format."""
        key = (*names, number)
        if key not in self._formats:
            properties = {name: value for style in ("text", *names) for name, value in STYLES[style].items()}
            self._formats[key] = self.workbook.add_format({**properties, "num_format": number or "General"})
        return self._formats[key]

    def add_sheet(self, name: str, widths: Sequence[float], *, landscape: bool = False) -> Sheet:
        """Add a sheet that prints on A4, as wide as the page. `widths` are the widths of its columns, in characters."""
        worksheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            worksheet.set_column(column, column, width, self.style())
        worksheet.hide_gridlines(2)
        worksheet.set_paper(A4)
        if landscape:
            worksheet.set_landscape()
        # In inches. With these margins, a sheet for A4 also fits on US Letter.
        worksheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.75)
        worksheet.fit_to_pages(1, 0)
        url = shown_url(self.url).replace("&", "&&")[:200]  # A footer has at most 255 characters.
        # The space separates the font size from the URL, because the URL may begin with a digit.
        worksheet.set_footer(f'&L&"{FONT}"&8 {url}&R&"{FONT}"&8&P / &N')
        return Sheet(self, worksheet, tuple(widths))

    def to_bytes(self) -> bytes:
        """Return the file. Call this once, at the end."""
        self.workbook.close()
        return self._file.getvalue()


@dataclass
class Sheet:
    """A sheet that is written from top to bottom. `row` is the next row, counted from 0."""

    book: Book
    worksheet: Worksheet
    widths: tuple[float, ...]
    row: int = 0

    def write_title(self, title: str) -> None:
        """Write the title, and the page's URL below it."""
        self.worksheet.set_row(self.row, TITLE_HEIGHT)
        write_text(self.worksheet, self.row, 0, title, self.book.style("title"))
        self.row += 1
        self.write_link(shown_url(self.book.url), self.book.url)

    def write_link(self, text: str, url: str) -> None:
        """Write a text with a link to an absolute URL. A URL that a cell can't hold is left out."""
        style = self.book.style("line")
        write_text(self.worksheet, self.row, 0, text, style)
        if url.startswith(("https://", "http://")) and len(url) <= MAX_URL:
            self.worksheet.write_url(self.row, 0, url, style, text)
        self.row += 1

    def write_heading(self, text: str) -> None:
        """Write a heading with a line below it, as wide as the sheet."""
        style = self.book.style("heading")
        self.write_cells([(text, style)] + [("", style)] * (len(self.widths) - 1), 24)

    def write_paragraph(self, text: str, *styles: str) -> None:
        """Write a text in a cell that is as wide as the sheet. A long text continues in the rows below."""
        style, width = self.book.style("middle", *styles), sum(self.widths)
        for part in _parts(text, width):
            if len(self.widths) > 1:
                self.write_merged(0, len(self.widths) - 1, part, style)
            else:
                write_text(self.worksheet, self.row, 0, part, style)
            self.worksheet.set_row(self.row, row_height([(part, width)]))
            self.row += 1

    def write_merged(self, first: int, last: int, text: str, style: Format) -> None:
        """Write a text into the next row, as wide as the columns from `first` to `last`."""
        self.worksheet.merge_range(self.row, first, self.row, last, "", style)
        write_text(self.worksheet, self.row, first, text, style)

    def write_cells(self, cells: Iterable[tuple[str, Format]], least: float = 22) -> None:
        """Write a row of texts. The row is at least `least` points high, and higher if a text needs more lines.

        If a text needs more lines than a row can have, it continues in the next row.
        """
        cells = list(cells)
        texts = [_parts(text, width) for (text, _), width in zip(cells, self.widths, strict=False)]
        for parts in list(zip_longest(*texts, fillvalue="")) or [()]:
            for column, (part, (_, style)) in enumerate(zip(parts, cells, strict=True)):
                write_text(self.worksheet, self.row, column, part, style)
            self.worksheet.set_row(self.row, row_height(zip(parts, self.widths, strict=False), least))
            self.row += 1

    def write_formula(self, column: int, formula: str, style: Format, value: float | str) -> None:
        """Write a formula into the next row, and the value that programs show before they recalculate it."""
        self.worksheet.write_formula(self.row, column, f"={formula}", style, value)

    def print_all(self) -> None:
        """Set the print area to all rows written so far."""
        self.worksheet.print_area(0, 0, self.row - 1, len(self.widths) - 1)


def shown_url(url: str) -> str:
    """Return the text that a workbook shows for an absolute URL: the URL without its scheme."""
    return url.partition("://")[2]


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write `text` as it is, even if it looks like a formula or a link. Cut text that is too long for a cell."""
    if text:
        sheet.write_string(row, column, text[:MAX_TEXT], style)
    else:
        sheet.write_blank(row, column, None, style)


def formula_text(text: str) -> str:
    """Return `text` as a quoted string for a formula."""
    return '"' + text.replace('"', '""') + '"'


def row_height(texts: Iterable[tuple[str, float]], least: float = 0) -> float:
    """Return the height, in points, of a row with wrapped `texts`. Each text comes with the width of its cell."""
    lines = max((len(_lines(text, width)) for text, width in texts), default=1)
    return float(max(lines * LINE_HEIGHT + PADDING, least))


def _parts(text: str, width: float) -> list[str]:
    """Split a text into parts that each fit into one row. Most texts have one part."""
    lines = _lines(text, width)
    return ["".join(lines[start : start + MAX_LINES]).strip("\n") for start in range(0, len(lines), MAX_LINES)]


def _lines(text: str, width: float) -> list[str]:
    """Return the lines of `text` in a cell of this width, with all spaces and line breaks. Empty text has one line."""
    # Most letters are narrower than a digit, which is the unit of a column's width.
    wrapper = textwrap.TextWrapper(
        max(int(width * 1.1), 1), expand_tabs=False, replace_whitespace=False, drop_whitespace=False
    )
    return [part for line in text.splitlines(keepends=True) for part in wrapper.wrap(line)] or [""]
