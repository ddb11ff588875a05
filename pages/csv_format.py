"""CSV that is safe to open: every cell is quoted, and no cell is a formula or has control characters."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO
from typing import Protocol

# If a cell starts with one of these characters, spreadsheets treat the cell as a formula
# (https://owasp.org/www-community/attacks/CSV_Injection). The last four are full-width forms of the first four.
_FORMULA_STARTS = "=+\\-@＝＋－＠"

# Match the start of each cell that a spreadsheet could read as a formula. In countries with decimal commas,
# spreadsheets ignore our quotes and split lines at semicolons. So a cell may also start after a semicolon or a line
# break. Programs may remove spaces and invisible characters at the start of a cell.
_IGNORED = r"\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_CELL_START = re.compile(
    rf'(\A(?=[\t\r\n]|[{_IGNORED}]*[{_FORMULA_STARTS}])|(?:\r\n|[;\t\r\n])(?=["{_IGNORED}]*[{_FORMULA_STARTS}]))'
)

# C0 and C1 controls except tabs and line breaks. Terminals execute ESC and the C1 controls (ECMA-48).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def write_rows(file: Writable, rows: Iterable[Iterable[object]]) -> None:
    """Write `rows` to `file` as CSV (RFC 4180), after a byte order mark. Excel needs the mark to recognize UTF-8."""
    prefix = "\ufeff"
    for row in rows:
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([safe_cell(str(value)) for value in row])
        # Write the byte order mark together with the first row. Django's commands add a line break to each text that
        # doesn't end with one, so a mark on its own would be followed by an empty line.
        file.write(prefix + line.getvalue())
        prefix = ""


def safe_cell(text: str) -> str:
    """Drop control characters, and put an apostrophe before any text that a spreadsheet could read as a formula."""
    return _CELL_START.sub(r"\1'", _CONTROLS.sub("", text))
