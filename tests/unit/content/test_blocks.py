"""Parsing Markdown: every construct, with its line and column."""

import pytest

from pages.content import blocks
from pages.content.blocks import Code, Heading, Item, List, Paragraph, Quote, Rule, Table


def parse_one(text):
    (block,) = blocks.parse(text)
    return block


def runs(text):
    return parse_one(text).inline.runs


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# A", Heading),
        ("A\n===", Heading),
        ("words", Paragraph),
        ("- a\n- b", List),
        ("3. a\n4. b", List),
        ("| a |\n|---|\n| b |", Table),
        ("```\ncode\n```", Code),
        ("~~~\ncode\n~~~", Code),
        ("    code", Code),
        ("> quoted", Quote),
        ("---", Rule),
        ("* * *", Rule),
    ],
)
def test_each_markdown_construct_becomes_a_block_with_its_line_number(text, kind):
    block = blocks.parse("before\n\n" + text)[1]
    assert type(block) is kind
    assert block.line == 3


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "\t\n", "<!-- removed -->"])
def test_empty_text_has_no_blocks(text):
    assert blocks.parse(text) == ()


@pytest.mark.parametrize("level", range(1, 7))
def test_heading_has_level_and_text(level):
    heading = parse_one("#" * level + " Why *this* role ##")
    assert (heading.level, heading.raw_text, heading.inline.text) == (level, "Why this role", "Why this role")


def test_ordered_list_has_start_number():
    block = parse_one("7. seven\n8. eight")
    assert (block.is_ordered, block.start, [item.line for item in block.items]) == (True, 7, [1, 2])


def test_ordered_list_can_start_at_zero():
    assert parse_one("0. nought\n1. one").start == 0


def test_list_item_contains_blocks_of_every_type():
    (item,) = parse_one("- words\n\n  > quoted\n\n  - inner\n\n  ```\n  code\n  ```").items
    assert isinstance(item, Item)
    assert [type(block) for block in item.blocks] == [Paragraph, Quote, List, Code]
    assert [block.line for block in item.blocks] == [1, 3, 5, 7]


def test_only_items_of_tight_lists_are_tight():
    assert parse_one("- a\n- b").items[0].blocks[0].is_tight
    assert not parse_one("- a\n\n- b").items[0].blocks[0].is_tight


def test_table_has_alignments_and_row_lines():
    table = parse_one("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |")
    assert table.alignments == ("left", "center", "right")
    assert (table.head.line, [row.line for row in table.rows]) == (1, [3, 4])
    assert [cell.text for cell in table.rows[1].cells] == ["4", "5", "6"]


@pytest.mark.parametrize(
    ("text", "code", "info", "text_line", "is_closed"),
    [
        ("```python\na = 1\n```", "a = 1\n", "python", 2, True),
        ("```\nTitle: A", "Title: A", "", 2, False),
        ("~~~~\n~~~\n~~~~", "~~~\n", "", 2, True),
        ("```", "", "", 2, False),
        ("    a\n    b", "a\nb", "", 1, True),
    ],
)
def test_closed_and_unclosed_code_blocks_keep_their_text_and_info_string(text, code, info, text_line, is_closed):
    block = parse_one(text)
    assert (block.text.rstrip("\n"), block.info) == (code.rstrip("\n"), info)
    assert (block.text_line, block.is_closed) == (text_line, is_closed)


def test_each_run_has_its_styles():
    styled = {run.text.strip(): run for run in runs("**bold** *italic* ~~deleted~~ `code` ***both***")}
    assert styled["bold"].strong and not styled["bold"].emphasis
    assert styled["italic"].emphasis and not styled["italic"].strong
    assert styled["deleted"].strikethrough
    assert styled["code"].code
    assert styled["both"].strong and styled["both"].emphasis


@pytest.mark.parametrize(
    ("text", "words", "position"),
    [
        ("plain", "plain", (1, 1)),
        ("## Heading", "Heading", (1, 4)),
        ("a **bold** word", "bold", (1, 5)),
        ("one\ntwo **three**", "three", (2, 7)),
        ("a<br>**b**", "b", (1, 8)),
        ("a [link](/there) b", "link", (1, 4)),
        ("tick `code` tock", "code", (1, 7)),
        ("same same **same**", "same", (1, 13)),
        ("line\\\n**next**", "next", (2, 3)),
        ("`two\nlines` **after**", "after", (2, 10)),
        ("a <!-- two\nlines --> **after**", "after", (2, 13)),
        ('[a](/b\n"title") **after**', "after", (2, 12)),
        ("[go](/more) more", "more", (1, 13)),
    ],
)
def test_text_runs_have_line_and_column(text, words, position):
    run = [run for run in runs(text) if run.text.strip() == words][-1]
    indent = len(run.text) - len(run.text.lstrip())
    assert (run.line, run.column + indent) == position


def test_table_cell_has_line_and_column():
    cell = parse_one("| a | b |\n|---|---|\n| same | same |").rows[0].cells[1]
    assert (cell.line, cell.column) == (3, 10)


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>"])
def test_br_tag_is_a_hard_break(tag):
    first, line_break, second = runs(f"one{tag}two")
    assert (first.text, second.text) == ("one", "two")
    assert line_break.is_break and line_break.hard_break


def test_two_trailing_spaces_make_a_hard_break_but_a_newline_alone_does_not():
    assert [run.hard_break for run in runs("a\nb  \nc") if run.is_break] == [False, True]


@pytest.mark.parametrize(
    "html", ["<b>bold</b>", "<script>alert(1)</script>", "<div>\n<p>a</p>\n</div>", "</p>", "<!DOCTYPE html>"]
)
def test_other_html_is_text(html):
    assert blocks.plain_text(blocks.parse(html)) == " ".join(html.split())


def test_markdown_inside_html_is_parsed():
    assert blocks.parse("<div>\n\n**a**\n\n</div>")[1].inline.is_strong


def test_character_references_are_decoded():
    assert parse_one("Q&amp;A &lt;b&gt; &#8377;500").inline.text == "Q&A <b> ₹500"


@pytest.mark.parametrize(
    "text", ["words\n---\nmore", "words\n  ---  \nmore", "words\n---\n\nmore", "> words\n\n---\nmore"]
)
def test_three_hyphens_under_a_paragraph_are_a_horizontal_rule(text):
    parsed = blocks.parse(text)
    assert [type(block) for block in parsed][1:] == [Rule, Paragraph]
    assert not isinstance(parsed[0], Heading)
    assert blocks.plain_text(parsed) == "words more"


@pytest.mark.parametrize(("underline", "level"), [("===", 1), ("=", 1), ("----", 2), ("--------", 2)])
def test_underlines_other_than_three_hyphens_make_a_heading(underline, level):
    heading, after = blocks.parse(f"The name\n{underline}\nafter")
    assert (heading.level, heading.raw_text, heading.line, after.line) == (level, "The name", 1, 3)


def test_plain_text_joins_all_blocks_in_order():
    text = "# one\n\ntwo\n\n- three\n  > four\n\n| five |\n|---|\n| six |\n\n```\nseven\n```"
    assert blocks.plain_text(blocks.parse(text)) == "one two three four five six seven"


def test_map_inlines_transforms_all_text_except_code():
    def upper(inline):
        return type(inline)(tuple(run._replace(text=run.text.upper()) for run in inline.runs))

    text = "# one\n\ntwo\n\n- three\n\n> four\n\n| five |\n|---|\n| six |\n\n```\nseven\n```"
    assert blocks.plain_text(blocks.map_inlines(blocks.parse(text), upper)) == "ONE TWO THREE FOUR FIVE SIX seven"
