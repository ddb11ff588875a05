"""Phones show each row of a table with long cells as a block."""

import pytest
from bs4 import BeautifulSoup

from pages.content.blocks import parse
from pages.content.markup import render_table

LONG = "more than twenty-four characters"


def table(*rows):
    head, *body = rows
    (block,) = parse("\n".join((f"| {head} |", f"|{'---|' * len(head.split(' | '))}", *(f"| {row} |" for row in body))))
    return BeautifulSoup(render_table(block), "html.parser").table


def test_cells_have_the_headings_of_their_columns_if_the_table_has_long_cells():
    found = table("What | When | Why", f"a | b | {LONG}", "c")
    assert found["class"] == ["stacked-table"]
    assert table("What | Why", f"abc | {LONG}, {LONG}")["class"] == ["stacked-table"]
    assert [cell.get("data-heading") for cell in found.tbody.find_all("td")][:3] == [None, "When", "Why"]


def test_a_scale_keeps_its_columns_beside_long_cells():
    assert table("Score | What you saw", f"1 | {LONG}, {LONG}", "10 | b")["class"] == ["scale-table"]
    assert table("Score | What you saw", f"100 | {LONG}, {LONG}")["class"] == ["stacked-table"]


@pytest.mark.parametrize(
    "rows",
    [
        ("What | Why", f"abc | {LONG}"),
        ("What | When | Why", f"a | {LONG} | b"),
        ("A | B | C | D | E", f"a | b | c | d | {LONG}"),
    ],
    ids=["two columns", "a short last column", "a wide table"],
)
def test_other_tables_keep_their_columns(rows):
    found = table(*rows)
    assert not found.get("class") and found.select("[data-heading]") == []
