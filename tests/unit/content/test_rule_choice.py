"""The choice of rules by character changes no token, and the site's parser, which uses this choice, reads any text."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from pages.content import markdown
from pages.content.rule_choice import choose_by_character

TEXTS = [
    "# One\n\nTwo\nthree\n===\n\nFour\n----\n\n***\n\n___\n\n- - -",
    "- a\n  - b\n\n    code\n* c\n+ d\n\n1. e\n2) f\n\ng\n1. h\ni\n2. j",
    "> a\nb\n> # c\n\n> - d\n> ```\n> e\n```\nf\n~~~\ng\n~~~",
    "a\n| b | c |\n|---|---|\n| d | e | f |\n\ng | h\n--- | ---\ni | j",
    "[a]: /b\n[a] [c](/d 'e') ![f](/g) ![h][a]\n\n    code\n\n<div>\ni\n</div>\n\nj <k@example.com> <b>l</b>",
    "*a* **b** _c_ __d__ ~~e~~ `f` \\*g\\* &amp; h  \ni\\\nj ] : # k <!-- l -->",
    "\t- a\n\n   # b\n\n\u00a0# c\n\n#\n\n>\n\n-\n\n*",
    "*a [b*](/c) **d `e** f`\n\n[[g](/h)](/i) [![j](/k)](/l)",
]


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("html_inline")


@pytest.mark.parametrize("text", TEXTS)
def test_the_choice_of_rules_changes_no_token(text: str) -> None:
    choosing = _parser()
    choose_by_character(choosing)
    assert choosing.parse(text) == _parser().parse(text)


def test_an_inline_rule_without_marks_is_refused() -> None:
    with pytest.raises(KeyError, match="html_inline"):
        choose_by_character(MarkdownIt("commonmark"))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_ends_at_any_character_is_parsed_without_an_error(text: str) -> None:
    for end in range(len(text)):
        markdown.tokenize(text[:end])


def test_an_underline_makes_a_heading_unless_it_has_exactly_three_hyphens() -> None:
    def types(text: str) -> list[str]:
        return [token.type for token in markdown.tokenize(text)[0] if token.type in ("heading_open", "hr")]

    assert types("a\n=") == types("a\n-  ") == types("> a\n> ==") == types("- a\n  ----") == ["heading_open"]
    assert types("a\n---") == types("> a\n> ---\t") == ["hr"]
    assert types("a\n\n---\n\nb") == ["hr"]
