"""Before a slow check runs, it looks for a sign of a problem. Each text that breaks the rule must contain the sign."""

from __future__ import annotations

import pytest

from pages.content import blocks, broken_markdown, foreign_markdown
from pages.content.anchors import slugify
from pages.content.calls_to_action import ARROWS, may_have_calls
from pages.content.figures import find_figures
from pages.content.problems import Source


@pytest.mark.parametrize(
    "arrow", ["→", "->", "-->", "=>", ">>", "»", "⇒", "⇨", "➔", "➜", "➙", "➡", "⟶", "►", "▶", " > "]
)
def test_every_arrow_may_begin_a_target(arrow: str) -> None:
    [paragraph] = blocks.parse(f"**Start{arrow}/start**")
    [content] = blocks.inlines_of([paragraph])
    assert ARROWS.search(content.text)
    assert may_have_calls(content)


def test_content_without_brackets_and_arrows_has_no_calls() -> None:
    assert not any(map(may_have_calls, blocks.inlines_of(blocks.parse("**Bold:** text, [link](/a) and -> arrow"))))


@pytest.mark.parametrize("text", ["It works :rocket: well.", "Good :+1:", "h2. A heading", "  h3. A heading"])
def test_syntax_with_a_common_sign_is_found(text: str) -> None:
    found = [syntax for syntax in foreign_markdown.SYNTAXES if syntax.pattern.search(text)]
    assert found
    assert [syntax for syntax in foreign_markdown.find_signs(text) if syntax in found] == found


def test_ordinary_text_has_no_signs_of_other_syntax() -> None:
    assert foreign_markdown.find_signs("A sentence. A time: 10:30. 'Quoted', and (more).\n- item") == []


@pytest.mark.parametrize(
    "text",
    ["a) one\nb) two", "one | two\nthree | four\nfive | six", "one\ttwo\nthree\tfour", "one\n-two\n-three", "→ a\n→ b"],
)
def test_several_lines_that_begin_with_a_letter_can_still_be_a_list_or_a_table(text: str) -> None:
    source = Source("page.md", text)
    assert list(broken_markdown.check_blocks(source, blocks.parse(text)))


def test_plain_lines_are_no_list() -> None:
    source = Source("page.md", "One line\nanother line\nÉcoles – third line")
    assert not list(broken_markdown.check_blocks(source, blocks.parse(source.text)))


@pytest.mark.parametrize("text", ["FAQ", "C++ & Go: what’s new?", "It's 2026", "--", "a_b", "x" * 79 + " y"])
def test_ascii_text_gets_the_same_anchor_as_other_text(text: str) -> None:
    # With “é” in front, the text takes the slower way.
    anchor, slow = slugify(text), slugify("é " + text)
    assert slow == ("é-" + anchor if anchor != "section" else "é")[:80].rstrip("-")


def test_figures_in_digits_and_in_words_are_in_the_order_of_the_text() -> None:
    assert [figure.low for figure in find_figures("two of 3, and four of 5")] == [2, 3, 4, 5]
