"""Test that CSV is safe in terminals, and in spreadsheets of all locales."""

import csv
from io import StringIO

import pytest

from pages.csv_format import safe_cell, write_rows

STARTS = "=+-@＝＋－＠"


BEFORE = ["", ";", "a;", "a; ", 'a;"', "a;\t", "a\t", "a\r", "a\n", "a\r\n", "a\n\n", "\x1b", "\x9b;"]
INVISIBLE = [" ", "\u200b", "\ufeff", "; \u2060"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", BEFORE + INVISIBLE)
def test_cells_are_not_read_as_formulas_whatever_the_delimiter_is(start, before):
    text = StringIO()
    write_rows(text, [["first", f"{before}{start}1+1", "last"]])
    for delimiter in ",;\t":
        for row in csv.reader(StringIO(text.getvalue().removeprefix("\ufeff"), newline=""), delimiter=delimiter):
            assert [cell for cell in row if cell.lstrip(' "\t\u200b\u2060\ufeff').startswith(tuple(STARTS))] == []


@pytest.mark.parametrize(
    "text",
    ["", "Priya", "a=b", "'=1", '"=1"', "a; b", "a;b\n\nc", "नमस्ते", "x, -1", "\u200d"],
)
def test_other_text_is_unchanged(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_leading_separators_are_neutralized(start):
    assert safe_cell(f"{start}1") == f"'{start}1"


def test_control_characters_are_dropped():
    controls = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
    assert safe_cell(f"a{controls}b") == "a\t\n\rb"


def test_the_text_starts_with_a_byte_order_mark_and_every_cell_is_quoted():
    text = StringIO()
    write_rows(text, [["a", 1, ""], ['say "x"']])
    assert text.getvalue() == '\ufeff"a","1",""\r\n"say ""x"""\r\n'
