"""What a Markdown parser would drop is kept, and comments alone are not."""

import pytest

from pages.content import blocks
from pages.content.blocks import Paragraph


def only(text):
    (block,) = blocks.parse(text)
    return block


def test_cells_beyond_a_table_s_header_are_kept_in_their_row():
    table = only("| a | b |\n|---|---|\n| 1 | 2 | **three** | four |\n| 5 |")
    assert [cell.text for cell in table.rows[0].cells] == ["1", "2", "three", "four"]
    assert table.rows[0].cells[2].runs[0].strong
    assert table.rows[1].cells[0].text == "5"


@pytest.mark.parametrize("row", ["1 | 2 | 3", "| 1 | 2 | 3", "1 | 2 | 3 |", "  | 1 | 2 | 3 |  "])
def test_cells_beyond_the_header_are_kept_whatever_bars_stand_at_the_edges(row):
    assert [cell.text for cell in only(f"a | b\n--|--\n{row}").rows[0].cells] == ["1", "2", "3"]


def test_a_bar_that_is_escaped_parts_no_cells_beyond_the_header():
    assert [cell.text for cell in only("| a |\n|---|\n| 1 | 2 \\| 3 |").rows[0].cells] == ["1", "2 | 3"]


def test_a_table_inside_a_list_or_a_quote_keeps_its_cells_too():
    text = "- | a |\n  |---|\n  | 1 | listed |\n\n> | a |\n> |---|\n> | 1 | quoted |"
    assert {"listed", "quoted"} <= set(blocks.plain_text(blocks.parse(text)).split())


@pytest.mark.parametrize("depth", [1, 30, 45, 100, 200])
@pytest.mark.parametrize("marker", ["-", "1.", ">"])
def test_no_word_is_lost_however_deep_it_is_nested(marker, depth):
    if marker == ">":
        lines = [f"{'> ' * (level + 1)}word{level}\n" for level in range(depth)]
    else:
        lines = [f"{' ' * (len(marker) + 1) * level}{marker} word{level}" for level in range(depth)]
    found = blocks.parse("\n".join(lines) + "\n\nafter")
    assert blocks.plain_text(found).split() == [f"word{level}" for level in range(depth)] + ["after"]


@pytest.mark.parametrize("markers", ["- " * 200, "> " * 200, ">" * 200, "1. " * 200, "> - " * 100])
def test_words_behind_two_hundred_markers_on_one_line_are_kept(markers):
    assert "deep words" in blocks.plain_text(blocks.parse(markers + "deep words"))


def test_a_list_thirty_deep_stays_a_list():
    block = only("\n".join(f"{'  ' * level}- word" for level in range(30)))
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
def test_a_definition_that_no_link_uses_is_shown(text, words):
    shown = blocks.plain_text(blocks.parse(text))
    assert [word for word in words if word not in shown] == []


def test_a_definition_that_a_link_uses_is_no_copy():
    (paragraph,) = blocks.parse("See [the guide].\n\n[the guide]: /guide")
    assert paragraph.inline.text == "See the guide."
    assert paragraph.inline.runs[1].href == "/guide"


@pytest.mark.parametrize(
    "text",
    [
        "kept <!-- gone --> kept",
        "kept\n\n<!-- gone -->\n\nkept",
        "kept\n<!-- gone -->\nkept",
        "kept\n\n<!--\ngone\n\n## gone\n\n- gone\n-->\n\nkept",
        "kept <!-- gone\ngone --> kept",
        "<!-- gone --> kept\n\nkept",
        "- kept <!-- gone -->\n- kept",
        "> kept\n> <!-- gone -->\n> kept",
    ],
)
def test_comments_are_left_out_and_their_neighbors_are_not(text):
    assert blocks.plain_text(blocks.parse(text)) == "kept kept"


@pytest.mark.parametrize("text", ["<!-- open\n\nwords", "words <!-- open", "> <!-- open\n\nwords -->"])
def test_a_comment_that_never_closes_is_text(text):
    assert {"words", "open"} <= set(blocks.plain_text(blocks.parse(text)).split())


def test_a_comment_in_code_is_code():
    assert only("```\n<!-- shown -->\n```").text == "<!-- shown -->\n"
    assert only("`<!-- shown -->`").inline.text == "<!-- shown -->"


@pytest.mark.parametrize(
    "text", ["*" * 5000, "*" * 5000 + "words" + "*" * 5000, "**" * 2500 + " words", "_*" * 2500 + "words"]
)
def test_five_thousand_asterisks_are_read(text):
    found = blocks.parse("before\n\n" + text + "\n\nafter")
    assert blocks.plain_text(found).startswith("before") and blocks.plain_text(found).endswith("after")
    assert ("words" in text) == ("words" in blocks.plain_text(found))


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
def test_other_long_runs_of_one_sign_lose_no_word(text):
    assert "words" in blocks.plain_text(blocks.parse(text))
