"""The quick parser of simple text gives the same content as markdown-it, and refuses all other text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pages.content import inline_reader, inline_rules, markdown, simple_inlines
from pages.content.inlines import Inline

WORDS = ("a", "Bc d", "x.", "“q”", "é", "(p)", "—", "a:", "²", "_", "\u00a0", "\u2028", "1 + 2", "|")
MARKS = ("*", "**", "***", "[", "]", "](/b)", "!", "`", "\\", "&amp;", "<br>", "<!--", "[^1]", "~~")
STYLED = ("**b**", "*b*", "**b:**", "*b?*", "***b***", "**b *c* d**", "** b**")
LINKS = ("[c](/d)", "[c](/d-e#f)", "[c](#)", "[c](/)", "[c](//d.example)", "[c](/d 'e')", "[*c*](/d)", "[^1](/d)")
LINKED = ("https://g.example/h", "i@j.example", "www.k.example", "+49 30 1234567")
GAPS = (" ", "", "\n", "  \n", " \n", "\n ", ".", ",", ": ", ";", "?", ")", "-")

texts = st.lists(
    st.tuples(st.sampled_from(WORDS + MARKS + STYLED * 3 + LINKS * 2 + LINKED), st.sampled_from(GAPS)), max_size=6
).map(lambda pieces: "".join(map("".join, pieces)))
layouts = st.sampled_from(["{}", "- {}", "## {}", "> {}", "| {} | {} |\n|---|---|\n| {} | x |", "{}\n\n[^1]: {}"])


def read_inlines(document: str) -> list[Inline]:
    lines = document.split("\n")
    tokens = [token for token in markdown.tokenize(document)[0] if token.type == "inline"]
    return [inline_reader.read(token, lines, token.map[0] + 1 if token.map else 1) for token in tokens]


@given(texts, layouts)
@example("*a* **b:** c [d](/e).\n**f**", "{}")
def test_the_quick_parser_gives_the_same_content_as_markdown_it(text: str, layout: str) -> None:
    document = layout.replace("{}", text)
    quick = read_inlines(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline_rules.simple_inlines, "parse", lambda text: None)
        assert read_inlines(document) == quick


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "**Label:** text",
        "*Hint:* text",
        "Before **bold**, *italic*. After",
        "**One**\n**Two**",
        "See [the roles](/hire) or [below](#faq).",
    ],
)
def test_simple_text_is_accepted(text: str) -> None:
    assert simple_inlines.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a**b**",
        "**b**a",
        "**b:**a",
        "** b**",
        "**b",
        "**b *c* d**",
        "a  \nb",
        "`a`",
        "![a](/b)",
        "[a](https://b.example)",
        "[a](//b.example)",
        "[^1](/a)",
        "[a]",
        "a &amp; b",
        "a\\*",
        "<br>",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    assert simple_inlines.parse(text) is None
