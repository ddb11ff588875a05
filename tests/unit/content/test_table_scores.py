"""Scores in tables are drawn on one axis."""

from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from pages.content.blocks import parse
from pages.content.markup import render_table, text_segments
from pages.content.scores import Axis, Score

TABLE = """
| Dimension | Before | After | Note |
|---|---|:-:|---|
| Technical | 61 ± 13 | **72 ± 4** | 72 ± 4 points |
| Behavioral | none | 64 ± 8 | clear |
"""


def cells(text):
    (table,) = parse(text)
    return BeautifulSoup(render_table(table), "html.parser").find_all("td")


def test_each_score_is_drawn_under_its_text_on_a_common_axis():
    drawn = [(cell.get_text(), cell.svg.svg["x"], cell.svg.svg["width"]) for cell in cells(TABLE) if cell.svg]
    assert drawn == [
        ("61\u00a0±\u00a013", "30.67%", "34.66%"),
        ("72\u00a0±\u00a04", "57.33%", "10.67%"),
        ("64\u00a0±\u00a08", "41.33%", "21.34%"),
    ]


def test_screen_readers_skip_the_drawings():
    assert [cell.svg["aria-hidden"] for cell in cells(TABLE) if cell.svg] == ["true"] * 3


def test_the_last_score_of_each_column_shows_the_ends_of_the_axis():
    assert [cell.get("data-scale") for cell in cells(TABLE)] == [None, "25 100", None, None, None, None, "25 100", None]


def test_drawings_add_no_text():
    (table,) = parse(TABLE)
    assert text_segments(render_table(table))[4:7] == ["Technical", "61 ± 13", "72 ± 4"]


def test_tables_and_templates_draw_the_same_interval():
    (table,) = parse("| A | B |\n|---|---|\n| a | 74 ± 9 |\n")
    interval = Axis(50, 100).interval(Score(74, 9))
    drawn = render_to_string("partials/interval.html", {"interval": interval, "order": 1})
    assert drawn.strip().replace(".0%", "%") in render_table(table)
