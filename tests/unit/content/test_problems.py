"""The format of a problem: place, source line with a marker, message and help."""

import tracemalloc

import pytest

from pages.content.problems import MAX_EXCERPT_WIDTH, RULES, Problem, Source
from tests.support.content_samples import HEADER, read

PATH = "content/hire/data-engineer.md"


def output_lines(text, *, line=1, column=1, length=1, help=""):
    return str(Source(PATH, text).problem("cta-target", "words", help, line=line, column=column, length=length)).split(
        "\n"
    )


def marked(lines):
    """Return the part of the source line that the marker underlines."""
    start, end = lines[2].index("^"), lines[2].rindex("^") + 1
    return lines[1][start:end]


def test_the_format():
    text = (
        HEADER + "\n" * 33 + "## WHAT LAYERSRANK EVALUATES\n\n### Technical Dimension (54%)\n### B (35%)\n### C (20%)\n"
    )
    (problem,) = read(text).problems
    assert str(problem) == (
        "content/hire/data-engineer.md:46:26: error: dimension-weights\n"
        "   46 | ### Technical Dimension (54%)\n"
        "      |                          ^^^\n"
        "   The three dimensions add up to 109%, not 100%: 54 + 35 + 20.\n"
        "   help: Did you mean 45%?"
    )


def test_help_and_source_line_are_optional():
    assert str(Problem(PATH, 1, 1, "missing-meta", "No META.")) == f"{PATH}:1:1: error: missing-meta\n   No META."


def test_the_rule_of_a_problem_determines_its_level():
    levels = {rule: Problem(PATH, 1, 1, rule, "words").level for rule in RULES}
    assert levels == RULES
    assert set(RULES.values()) == {"error", "warning", "notice"}
    assert Problem(PATH, 1, 1, "broken-link", "words", is_notice=True).level == "notice"


def test_the_marker_is_below_its_text():
    assert marked(output_lines("one two three", column=5, length=3)) == "two"


def test_tabs_before_the_marker_stay_tabs():
    _, source, marker, _ = output_lines("\tone\ttwo", column=6, length=3)
    assert source.split("| ")[1] == "\tone\ttwo"
    assert marker.split("| ")[1] == "\t   \t^^^"
    assert source.index("|") == marker.index("|")


@pytest.mark.parametrize("number", [1, 9, 99, 12345, 123456])
def test_the_vertical_bars_line_up_for_any_line_number(number):
    _, source, marker, _ = output_lines("\n" * (number - 1) + "one two", line=number, column=5, length=3)
    assert source.index("|") == marker.index("|")
    assert marked(["", source, marker]) == "two"


@pytest.mark.parametrize("before", [0, 10, 49, 50, 51, 500, 4990])
def test_a_long_line_is_shortened_to_the_text_around_the_marker(before):
    lines = output_lines("a" * before + "HERE" + "b" * (5000 - before), column=before + 1, length=4)
    assert marked(lines) == "HERE"
    assert len(lines[1]) < MAX_EXCERPT_WIDTH + 20
    assert lines[1].endswith("…") == (before < 4900)


def test_a_marker_never_extends_past_its_line():
    assert marked(output_lines("one two", column=5, length=500)) == "two"
    lines = output_lines("a" * 20 + "b" * 5000, column=21, length=5000)
    assert len(lines[2]) <= len(lines[1])


def test_a_problem_at_the_end_of_a_line_has_a_marker():
    assert output_lines("Status:", column=8)[2].count("^") == 1


@pytest.mark.parametrize("line", [0, 4, 99])
def test_a_problem_with_an_invalid_line_number_shows_no_source_line(line):
    assert output_lines("one\ntwo\nthree", line=line) == [f"{PATH}:{line}:1: error: cta-target", "   words"]


def test_a_problem_on_an_empty_line_shows_no_source_line():
    assert output_lines("one\n\nthree", line=2, help="Fix it.") == [
        f"{PATH}:2:1: error: cta-target",
        "   words",
        "   help: Fix it.",
    ]


def test_a_problem_is_marked_at_the_given_text_or_else_at_the_start_of_the_line():
    source = Source(PATH, "one two")
    found = source.problem_at("cta-target", "words", line=1, text="two")
    missing = source.problem_at("cta-target", "words", line=1, text="four")
    assert (found.column, found.length) == (5, 3)
    assert (missing.column, missing.length) == (1, 1)


def test_problems_are_in_the_order_of_the_document():
    page = read(HEADER.replace("Title: A title", "Titel: a") + "## A\n\n**[Zzz]** **[Yyy]**\n\n## HERO\n")
    places = [(problem.line, problem.column) for problem in page.problems]
    assert places == sorted(places)
    assert len(places) == 5


def test_a_problem_in_a_long_line_needs_little_memory():
    problem = Source(PATH, "a" * 1_000_000).problem("html", "words", column=500_000)
    tracemalloc.start()
    try:
        assert "^" in str(problem)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
