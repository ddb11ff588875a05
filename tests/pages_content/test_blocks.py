"""Markdown text → blocks: every construct with its place, and no word dropped."""

import pytest

from pages.content import blocks
from pages.content.blocks import Code, Heading, Item, List, Paragraph, Quote, Rule, Table


def only(text):
    (block,) = blocks.parse(text)
    return block


def runs(text):
    return only(text).inline.runs


def links(text):
    return {run.text: run.href for run in runs(text) if run.href}


def kinds(text):
    return [type(block) for block in blocks.parse(text)]


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
def test_each_construct_is_a_block_with_the_line_it_stands_in(text, kind):
    block = blocks.parse("before\n\n" + text)[1]
    assert type(block) is kind
    assert block.line == 3


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "\t\n", "<!-- gone -->"])
def test_a_text_without_words_has_no_blocks(text):
    assert blocks.parse(text) == ()


@pytest.mark.parametrize("level", range(1, 7))
def test_a_heading_keeps_its_level_and_its_words(level):
    heading = only("#" * level + " Why *this* role ##")
    assert (heading.level, heading.written, heading.inline.text) == (level, "Why this role", "Why this role")


def test_an_ordered_list_starts_where_it_is_written_to_start():
    listed = only("7. seven\n8. eight")
    assert (listed.ordered, listed.start, [item.line for item in listed.items]) == (True, 7, [1, 2])


def test_a_list_from_zero_starts_from_zero():
    assert only("0. nought\n1. one").start == 0


def test_a_list_holds_blocks_of_every_kind():
    (item,) = only("- words\n\n  > quoted\n\n  - inner\n\n  ```\n  code\n  ```").items
    assert isinstance(item, Item)
    assert [type(block) for block in item.blocks] == [Paragraph, Quote, List, Code]
    assert [block.line for block in item.blocks] == [1, 3, 5, 7]


def test_the_items_of_a_tight_list_are_tight_and_those_of_a_loose_one_are_not():
    assert only("- a\n- b").items[0].blocks[0].tight
    assert not only("- a\n\n- b").items[0].blocks[0].tight


def test_a_table_knows_its_alignments_and_the_lines_of_its_rows():
    table = only("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |")
    assert table.alignments == ("left", "center", "right")
    assert (table.head.line, [row.line for row in table.rows]) == (1, [3, 4])
    assert [cell.text for cell in table.rows[1].cells] == ["4", "5", "6"]


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
    assert {"listed", "quoted"} <= set(blocks.words(blocks.parse(text)).split())


@pytest.mark.parametrize(
    ("text", "code", "info", "text_line", "closed"),
    [
        ("```python\na = 1\n```", "a = 1\n", "python", 2, True),
        ("```\nTitle: A", "Title: A", "", 2, False),
        ("~~~~\n~~~\n~~~~", "~~~\n", "", 2, True),
        ("```", "", "", 2, False),
        ("    a\n    b", "a\nb", "", 1, True),
    ],
)
def test_code_keeps_its_text_and_says_whether_it_is_closed(text, code, info, text_line, closed):
    block = only(text)
    assert (block.text.rstrip("\n"), block.info) == (code.rstrip("\n"), info)
    assert (block.text_line, block.closed) == (text_line, closed)


def test_styles_are_known_run_by_run():
    styled = {run.text.strip(): run for run in runs("**bold** *leaning* ~~struck~~ `code` ***both***")}
    assert styled["bold"].strong and not styled["bold"].emphasis
    assert styled["leaning"].emphasis and not styled["leaning"].strong
    assert styled["struck"].struck
    assert styled["code"].code
    assert styled["both"].strong and styled["both"].emphasis


@pytest.mark.parametrize(
    ("text", "words", "place"),
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
def test_words_are_placed_by_line_and_column(text, words, place):
    run = [run for run in runs(text) if run.text.strip() == words][-1]
    lead = len(run.text) - len(run.text.lstrip())
    assert (run.line, run.column + lead) == place


def test_a_cell_is_placed_in_its_row():
    cell = only("| a | b |\n|---|---|\n| same | same |").rows[0].cells[1]
    assert (cell.line, cell.column) == (3, 10)


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>"])
def test_a_br_breaks_a_line(tag):
    first, line_break, second = runs(f"one{tag}two")
    assert (first.text, second.text) == ("one", "two")
    assert line_break.is_break and line_break.hard


def test_a_soft_break_is_no_hard_one_and_two_spaces_make_one():
    assert [run.hard for run in runs("a\nb  \nc") if run.is_break] == [False, True]


@pytest.mark.parametrize(
    "html", ["<b>bold</b>", "<script>alert(1)</script>", "<div>\n<p>a</p>\n</div>", "</p>", "<!DOCTYPE html>"]
)
def test_other_html_is_text(html):
    assert blocks.words(blocks.parse(html)) == " ".join(html.split())


def test_markdown_within_html_is_read():
    assert blocks.parse("<div>\n\n**a**\n\n</div>")[1].inline.is_strong


def test_character_references_are_the_characters():
    assert only("Q&amp;A &lt;b&gt; &#8377;500").inline.text == "Q&A <b> ₹500"


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
def test_comments_are_left_out_and_their_neighbours_are_not(text):
    assert blocks.words(blocks.parse(text)) == "kept kept"


@pytest.mark.parametrize("text", ["<!-- open\n\nwords", "words <!-- open", "> <!-- open\n\nwords -->"])
def test_a_comment_that_never_closes_is_text(text):
    assert {"words", "open"} <= set(blocks.words(blocks.parse(text)).split())


def test_a_comment_in_code_is_code():
    assert only("```\n<!-- shown -->\n```").text == "<!-- shown -->\n"
    assert only("`<!-- shown -->`").inline.text == "<!-- shown -->"


@pytest.mark.parametrize(
    "text", ["words\n---\nmore", "words\n  ---  \nmore", "words\n---\n\nmore", "> words\n\n---\nmore"]
)
def test_three_hyphens_right_under_a_paragraph_are_a_rule(text):
    found = blocks.parse(text)
    assert [type(block) for block in found][1:] == [Rule, Paragraph]
    assert not isinstance(found[0], Heading)
    assert blocks.words(found) == "words more"


@pytest.mark.parametrize(("underline", "level"), [("===", 1), ("=", 1), ("----", 2), ("--------", 2)])
def test_other_underlines_make_a_heading(underline, level):
    heading, after = blocks.parse(f"The name\n{underline}\nafter")
    assert (heading.level, heading.written, heading.line, after.line) == (level, "The name", 1, 3)


@pytest.mark.parametrize("depth", [1, 30, 45, 100, 200])
@pytest.mark.parametrize("marker", ["-", "1.", ">"])
def test_no_word_is_lost_however_deep_it_is_nested(marker, depth):
    if marker == ">":
        lines = [f"{'> ' * (level + 1)}word{level}\n" for level in range(depth)]
    else:
        lines = [f"{' ' * (len(marker) + 1) * level}{marker} word{level}" for level in range(depth)]
    found = blocks.parse("\n".join(lines) + "\n\nafter")
    assert blocks.words(found).split() == [f"word{level}" for level in range(depth)] + ["after"]


@pytest.mark.parametrize("markers", ["- " * 200, "> " * 200, ">" * 200, "1. " * 200, "> - " * 100])
def test_words_behind_two_hundred_markers_on_one_line_are_kept(markers):
    assert blocks.words(blocks.parse(markers + "deep words")) == "deep words"


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
    shown = blocks.words(blocks.parse(text))
    assert [word for word in words if word not in shown] == []


def test_a_definition_that_a_link_uses_is_no_copy():
    (paragraph,) = blocks.parse("See [the guide].\n\n[the guide]: /guide")
    assert paragraph.inline.text == "See the guide."
    assert paragraph.inline.runs[1].href == "/guide"


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "DATA:text/html;base64,eA==",
        "file:///etc/passwd",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "java&#x09;script:alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "<java\tscript:alert(1)>",
        "&#1;javascript:alert(1)",
        "< javascript:alert(1)>",
    ],
)
def test_a_dead_link_or_image_keeps_its_words_and_leads_nowhere(target):
    link, _, image = runs(f"[words]({target}) ![alternative]({target})")
    assert (link.text, link.href) == ("words", "")
    assert (image.text, image.image) == ("alternative", "")


def test_dead_schemes_are_dead_in_autolinks_and_definitions_too():
    assert links("<javascript:alert(1)>") == {}
    assert links("[a][b]\n\n[b]: javascript:alert(1)".replace("\n\n", "\n\n")[:6]) == {}
    assert all(not run.href for block in blocks.parse("[b]: javascript:alert(1)") for run in block.inline.runs)
    assert all(not run.href for block in blocks.parse("[a][b]\n\n[b]: vbscript:x") for run in block.inline.runs)


@pytest.mark.parametrize(
    ("text", "words", "target"),
    [
        ("[a](/b)", "a", "/b"),
        ("[a](#b)", "a", "#b"),
        ("[a](https://x.example)", "a", "https://x.example"),
        ("[a](//x.example)", "a", "//x.example"),
        ("see https://x.example/a.", "https://x.example/a", "https://x.example/a"),
        ("<https://x.example>", "https://x.example", "https://x.example"),
        ("write to info@the-algo.com now", "info@the-algo.com", "mailto:info@the-algo.com"),
        ("call +91 89624 12726 now", "+91 89624 12726", "tel:+918962412726"),
        ("call +1 (720) 334-7249.", "+1 (720) 334-7249", "tel:+17203347249"),
        ("**call +44 7477 204642**", "+44 7477 204642", "tel:+447477204642"),
    ],
)
def test_links_emails_and_phones_lead_where_they_say(text, words, target):
    assert links(text) == {words: target}


@pytest.mark.parametrize(
    "text", ["2 +3 is 5", "`+91 89624 12726`", "C++11 and 20+ hires", "call +123", "layersrank.com"]
)
def test_what_only_looks_like_a_phone_or_an_address_is_no_link(text):
    assert links(text) == {}


def test_an_email_and_a_phone_in_one_line_keep_what_stands_between_them():
    content = only("**Questions?** info@the-algo.com | +91 89624 12726").inline
    assert content.text == "Questions? info@the-algo.com | +91 89624 12726"
    assert [run.column for run in content.runs if run.href] == [16, 36]


def test_an_image_keeps_its_source_and_its_alternative():
    (image,) = runs('![The *team*](/images/team.png "Us")')
    assert (image.image, image.text, image.title) == ("/images/team.png", "The team", "Us")


@pytest.mark.parametrize(
    "text", ["*" * 5000, "*" * 5000 + "words" + "*" * 5000, "**" * 2500 + " words", "_*" * 2500 + "words"]
)
def test_five_thousand_asterisks_are_read(text):
    found = blocks.parse("before\n\n" + text + "\n\nafter")
    assert blocks.words(found).startswith("before") and blocks.words(found).endswith("after")
    assert ("words" in text) == ("words" in blocks.words(found))


@pytest.mark.parametrize(
    "text",
    ["[" * 3000 + "words", "![" * 1000 + "words", "`" * 3001 + "words", "<" * 3000 + "words", "|" * 3000 + "words"],
)
def test_other_long_runs_of_one_sign_lose_no_word(text):
    assert "words" in blocks.words(blocks.parse(text))


def test_words_gathers_the_text_of_every_block_in_order():
    text = "# one\n\ntwo\n\n- three\n  > four\n\n| five |\n|---|\n| six |\n\n```\nseven\n```"
    assert blocks.words(blocks.parse(text)) == "one two three four five six seven"


def test_map_inlines_changes_every_text_but_headings_and_code():
    def shout(inline):
        return type(inline)(tuple(run._replace(text=run.text.upper()) for run in inline.runs))

    text = "# one\n\ntwo\n\n- three\n\n> four\n\n| five |\n|---|\n| six |\n\n```\nseven\n```"
    assert blocks.words(blocks.map_inlines(blocks.parse(text), shout)) == "one TWO THREE FOUR FIVE SIX seven"
