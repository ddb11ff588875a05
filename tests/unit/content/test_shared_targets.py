"""Links with the same target on several pages: each page gets the problems of its own links."""

import pytest

from pages.content import library
from tests.support.content_samples import page_text

RULES = {"broken-link", "broken-anchor", "link-spelling", "expiring-link", "link-scheme"}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "old.md").write_text(page_text("Old", "/old", "Words.", "Expires: 2020-01-01\n"))
    return folder


def problems_of(folder, body_of_a, body_of_b):
    """Write two pages. Return the file, the rule and the marked text of each problem with a link."""
    (folder / "a.md").write_text(page_text("A", "/a", f"## MORE\n\n{body_of_a}", "Aliases: /was-a\n"))
    (folder / "b.md").write_text(page_text("B", "/b", f"## OTHER\n\n{body_of_b}"))
    found = [problem for problem in library.load(folder).all_problems if problem.rule in RULES]
    return [(each.path[-4], each.rule, each.source[each.column - 1 :][: each.length]) for each in found]


@pytest.mark.parametrize(
    ("href", "rule"),
    [
        ("/nowhere", "broken-link"),
        ("/a#nowhere", "broken-anchor"),
        ("/was-a", "link-spelling"),
        ("/old", "expiring-link"),
        ("https://", "broken-link"),
    ],
)
def test_a_wrong_target_is_reported_at_each_link(folder, href, rule):
    body = f"[One]({href}) and [two]({href}), and [a page](/a)."
    expected = [(page, rule, text) for page in "ab" for text in ("One", "two")]
    assert problems_of(folder, body, body) == expected


def test_the_same_relative_target_can_be_right_on_one_page_and_wrong_on_another(folder):
    body = "[More](#more) and [the other page](b#other)."
    assert problems_of(folder, body, body) == [("b", "broken-anchor", "More")]


def test_a_right_link_and_an_image_with_the_same_target_are_different(folder):
    (folder / "a.md").write_text(page_text("A", "/a", "[A](/a) ![A picture](/a)"))
    rules = [problem.rule for problem in library.load(folder).all_problems]
    assert "missing-image" in rules and "broken-link" not in rules
