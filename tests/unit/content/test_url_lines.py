"""A line above META that looks like the page's URL, but isn't written as `## /url`."""

import pytest

from tests.support.content_samples import DESCRIPTION, read


@pytest.mark.parametrize(
    ("line", "place", "help"),
    [
        ("## hire/data-engineer", (3, 4), "Write ## /hire/data-engineer"),
        ("## https://www.layersrank.com/Hire/data-engineer/", (3, 4), "Write ## /hire/data-engineer"),
        ("layersrank.com/hire/data-engineer", (3, 1), "Write ## /hire/data-engineer"),
        ("/hire/data-engineer", (3, 1), "Write ## /hire/data-engineer"),
        ("## engineer", (3, 4), "Write ## /engineer"),
    ],
)
def test_a_line_that_looks_like_the_url_is_reported(line, place, help):
    text = f"# A\n\n{line}\n\n## META\n\n```\nTitle: A\nDescription: {DESCRIPTION}\n```\n\nWords.\n"
    [problem] = read(text, "/engineer").problems
    assert (problem.rule, problem.line, problem.column, problem.help) == ("bad-url", *place, help)


@pytest.mark.parametrize(
    "line", ["## Engineers", "Words", "Either/or, and more", "## engineer\n\nWords.", "- /a", "> /a"]
)
def test_other_text_above_meta_does_not_look_like_the_url(line):
    text = f"# A\n\n{line}\n\n## META\n\n```\nTitle: A\nDescription: {DESCRIPTION}\n```\n\nWords.\n"
    page = read(text, "/engineer")
    assert [problem.rule for problem in page.problems] == []
