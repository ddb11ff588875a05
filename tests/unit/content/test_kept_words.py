"""Text that Markdown parsers usually drop stays on the page. Only comments are removed."""

import pytest

from pages.content import blocks
from pages.content.blocks import Paragraph


def parse_one(text):
    (block,) = blocks.parse(text)
    return block


def test_extra_cells_stay_in_their_row():
    table = parse_one("| a | b |\n|---|---|\n| 1 | 2 | **three** | four |\n| 5 |")
    assert [cell.text for cell in table.rows[0].cells] == ["1", "2", "three", "four"]
    assert table.rows[0].cells[2].runs[0].strong
    assert table.rows[1].cells[0].text == "5"


@pytest.mark.parametrize("row", ["1 | 2 | 3", "| 1 | 2 | 3", "1 | 2 | 3 |", "  | 1 | 2 | 3 |  "])
def test_extra_cells_stay_in_rows_with_or_without_outer_pipes(row):
    assert [cell.text for cell in parse_one(f"a | b\n--|--\n{row}").rows[0].cells] == ["1", "2", "3"]


def test_escaped_pipe_does_not_split_extra_cells():
    assert [cell.text for cell in parse_one("| a |\n|---|\n| 1 | 2 \\| 3 |").rows[0].cells] == ["1", "2 | 3"]


def test_extra_cells_stay_in_tables_inside_lists_and_quotes():
    text = "- | a |\n  |---|\n  | 1 | listed |\n\n> | a |\n> |---|\n> | 1 | quoted |"
    assert {"listed", "quoted"} <= set(blocks.plain_text(blocks.parse(text)).split())


@pytest.mark.parametrize("depth", [1, 30, 45, 100, 200])
@pytest.mark.parametrize("marker", ["-", "1.", ">"])
def test_deep_nesting_loses_no_text(marker, depth):
    if marker == ">":
        lines = [f"{'> ' * (level + 1)}word{level}\n" for level in range(depth)]
    else:
        lines = [f"{' ' * (len(marker) + 1) * level}{marker} word{level}" for level in range(depth)]
    parsed = blocks.parse("\n".join(lines) + "\n\nafter")
    assert blocks.plain_text(parsed).split() == [f"word{level}" for level in range(depth)] + ["after"]


@pytest.mark.parametrize("markers", ["- " * 200, "> " * 200, ">" * 200, "1. " * 200, "> - " * 100])
def test_text_after_200_list_or_quote_markers_on_one_line_is_kept(markers):
    assert "deep words" in blocks.plain_text(blocks.parse(markers + "deep words"))


def test_list_thirty_levels_deep_stays_a_list():
    block = parse_one("\n".join(f"{'  ' * level}- word" for level in range(30)))
    for _ in range(29):
        block = block.items[0].blocks[1]
    assert [type(inner) for inner in block.items[0].blocks] == [Paragraph]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[Starter]: ₹2,500", ["[Starter]:", "₹2,500"]),
        ("[Starter]: ₹2,500\n[Growth]: ₹1,800", ["[Starter]:", "₹2,500", "[Growth]:", "₹1,800"]),
        ("[Growth]: Custom", ["[Growth]:", "Custom"]),
        ("[guide]: /guide", ["guide", "/guide"]),
        ('[guide]: https://a.example/b "The guide"', ["guide", "https://a.example/b", "The", "guide"]),
        ("[a]: /one\n[a]: /two\n\n[a]", ["/two"]),
        ("> [quoted]: /guide", ["quoted", "/guide"]),
        ("- [listed]: /guide", ["listed", "/guide"]),
    ],
)
def test_unused_link_definition_is_shown(text, words):
    visible = blocks.plain_text(blocks.parse(text))
    assert [word for word in words if word not in visible] == []


def test_referenced_link_definition_is_not_shown():
    (paragraph,) = blocks.parse("See [the guide].\n\n[the guide]: /guide")
    assert paragraph.inline.text == "See the guide."
    assert paragraph.inline.runs[1].href == "/guide"


@pytest.mark.parametrize(
    "text",
    [
        "kept <!-- removed --> kept",
        "kept\n\n<!-- removed -->\n\nkept",
        "kept\n<!-- removed -->\nkept",
        "kept\n\n<!--\nremoved\n\n## removed\n\n- removed\n-->\n\nkept",
        "kept <!-- removed\nremoved --> kept",
        "<!-- removed --> kept\n\nkept",
        "- kept <!-- removed -->\n- kept",
        "> kept\n> <!-- removed -->\n> kept",
    ],
)
def test_comments_are_removed_and_text_around_them_is_kept(text):
    assert blocks.plain_text(blocks.parse(text)) == "kept kept"


@pytest.mark.parametrize("text", ["<!-- open\n\nwords", "words <!-- open", "> <!-- open\n\nwords -->"])
def test_unclosed_comment_is_text(text):
    assert {"words", "open"} <= set(blocks.plain_text(blocks.parse(text)).split())


def test_comment_in_code_is_code():
    assert parse_one("```\n<!-- shown -->\n```").text == "<!-- shown -->\n"
    assert parse_one("`<!-- shown -->`").inline.text == "<!-- shown -->"


@pytest.mark.parametrize(
    "text", ["*" * 5000, "*" * 5000 + "words" + "*" * 5000, "**" * 2500 + " words", "_*" * 2500 + "words"]
)
def test_five_thousand_asterisks_are_parsed(text):
    visible = blocks.plain_text(blocks.parse("before\n\n" + text + "\n\nafter"))
    assert visible.startswith("before") and visible.endswith("after")
    assert ("words" in text) == ("words" in visible)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000 + "words",
        "![" * 1000 + "words",
        "a" + "`" * 3001 + "words",
        "<" * 3000 + "words",
        "|" * 3000 + "words",
    ],
)
def test_text_beside_thousands_of_special_characters_is_kept(text):
    assert "words" in blocks.plain_text(blocks.parse(text))
