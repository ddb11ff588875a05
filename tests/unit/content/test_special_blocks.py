"""Quotations with a name, callouts, definition lists, footnotes and statements, in every kind of section."""

import random
import re

import pytest

from pages.content import blocks
from pages.content.blocks import Callout, DefinitionList, Footnote, Paragraph, Quote
from pages.content.components import Prose, Statements
from pages.content.footnotes import NoteList, html_in
from pages.search.passages import passages
from tests.support.content_samples import HEADER, page_of, part_names, problem_of, rules, section_of, visible_text

FIRST_LINE = HEADER.count("\n") + 1
HEADINGS = ["HERO", "THE HIRING CHALLENGE", "WHAT LAYERSRANK EVALUATES", "SAMPLE QUESTIONS", "EVALUATION CRITERIA",
            "HOW IT WORKS", "PRICING", "FAQ", "RELATED ROLES", "READY TO START?", "ANYTHING"]  # fmt: skip


def prose_of(body):
    [part] = section_of(f"## ANY\n\n{body}\n").body
    assert isinstance(part, Prose)
    return part.html


def html_of(page):
    return "\n".join(html_in(page.sections))


def notes_of(section):
    return [note for part in section.body if isinstance(part, NoteList) for note in part.notes]


def found(body, rule):
    """For each problem of `rule`, return its line in `body` (from 1), its column and its length."""
    problems = page_of(f"## ANY\n\n{body}").problems
    return [(p.line - FIRST_LINE - 1, p.column, p.length) for p in problems if p.rule == rule]


# Quotations


@pytest.mark.parametrize("written", ["> Said.\n> — Ada, Lead", "> Said.\n>\n> — Ada, Lead", "> Said.\n— Ada, Lead"])
def test_the_last_line_of_a_quotation_names_the_person(written):
    html = prose_of(written)
    assert re.sub(r"\n", "", html) == (
        '<figure class="quotation"><blockquote><p>Said.</p></blockquote>'
        "<figcaption>— <b>Ada</b>, Lead</figcaption></figure>"
    )


def test_an_attribution_keeps_its_markdown_and_the_breaks_of_the_quotation():
    [quote] = blocks.parse("> One\\\n> two.\n> — **Ada** [Example](/a)")
    assert isinstance(quote, Quote)
    assert [run.hard_break for run in quote.blocks[0].inline.runs] == [False, True, False]
    assert [(run.text, run.line, run.column) for run in quote.attribution.runs] == [
        ("— ", 3, 3), ("Ada", 3, 7), (" ", 3, 12), ("Example", 3, 14)]  # fmt: skip
    assert '<a href="/a">' in prose_of("> Said.\n> — Ada, [Example](/a)")


@pytest.mark.parametrize("written", ["> Said.", "> — Ada, Lead", "> Said — Ada", "> Said.\n>\n> - a\n> - b"])
def test_a_quotation_without_a_name_stays_a_plain_quotation(written):
    [quote] = blocks.parse(written)
    assert not quote.attribution
    assert "figure" not in prose_of(written)
    assert found(written, "attribution") == []


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("> Said.\n> - Ada, Lead", (2, 3, 1)),
        ("> Said.\n> -- Ada, Lead", (2, 3, 2)),
        ("> Said.\n>\n> – **Ada**, Lead", (3, 3, 1)),
        ("- > Said.\n  >\n  > ― Ada", (3, 5, 1)),
        ("> Said.\n\n— Ada, Lead", (3, 1, 11)),
    ],
)
def test_a_name_after_a_short_dash_is_reported(written, place):
    assert found(written, "attribution") == [place]
    assert "Ada" in visible_text(page_of(f"## ANY\n\n{written}"))


@pytest.mark.parametrize(
    "written", ["> We need:\n> - Time", "> -1 is a number.\n> -5 too", "> a\n> - b\n>\n> c", "Words.\n\n— Ada"]
)
def test_text_that_is_no_name_is_not_reported(written):
    assert found(written, "attribution") == []


# Callouts


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_each_kind_of_callout_shows_its_title_and_its_text(kind):
    html = prose_of(f"> [!{kind.upper()}]\n> One *two*.\n>\n> - three")
    assert html.startswith(
        f'<div class="callout callout-{kind}" role="note"><p class="callout-title">{kind.title()}</p>'
    )
    assert "<p>One <em>two</em>.</p>\n<ul>" in html


def test_the_text_of_a_callout_has_positions():
    [callout, after] = blocks.parse("> [!NOTE]\n> One\n> two\n\nafter")
    assert isinstance(callout, Callout) and isinstance(after, Paragraph)
    [paragraph] = callout.blocks
    assert [(run.text, run.line, run.column) for run in paragraph.inline.runs if not run.is_break] == [
        ("One", 2, 3), ("two", 3, 3)]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "place", "help"),
    [
        ("> [!NOTE] Text", (1, 3, 7), "Begin a quotation with the line > [!NOTE]"),
        ("> Above\n>\n> [!NOTE]\n> Text", (3, 3, 7), "Begin a quotation with the line > [!NOTE]"),
        ("> [!INFO]\n> Text", (1, 3, 7), "Did you mean [!NOTE]?"),
        ("> [!WARNIGN]\n> Text", (1, 3, 10), "Did you mean [!WARNING]?"),
        ("> [!XYZ]\n> Text", (1, 3, 6), "Write one of these: [!NOTE], [!TIP]"),
        ("[!TIP]\nText", (1, 1, 6), "and write > before each line"),
    ],
)
def test_a_mark_that_makes_no_callout_is_reported(written, place, help):
    assert found(written, "callout") == [place]
    assert help in problem_of(page_of(f"## ANY\n\n{written}"), "callout").help
    assert "[!" in visible_text(page_of(f"## ANY\n\n{written}"))


# Definition lists


def test_a_term_has_one_or_more_explanations():
    html = prose_of("One\n: first\n: second\n\n  more\n\n**Two** words\n: - a")
    assert html.replace("\n", "") == (
        '<dl class="definitions"><dt>One</dt><dd><p>first</p></dd><dd><p>second</p><p>more</p></dd>'
        "<dt>Two words</dt><dd><ul><li>a</li></ul></dd></dl>"
    )


def test_terms_and_explanations_have_positions():
    [quote] = blocks.parse("> A **term**\n> : An *explanation*\n>   goes on")
    [definitions] = quote.blocks
    assert isinstance(definitions, DefinitionList)
    runs = [(run.text, run.line, run.column) for inline in blocks.inlines_of([quote]) for run in inline.runs]
    assert [run for run in runs if run[0].strip()] == [
        ("A ", 1, 3), ("term", 1, 7), ("An ", 2, 5), ("explanation", 2, 9), ("goes on", 3, 5)]  # fmt: skip


def test_a_line_that_begins_with_a_tilde_is_no_explanation():
    assert [type(block) for block in blocks.parse("Time\n~ 5 minutes")] == [Paragraph]
    [definitions, paragraph] = blocks.parse("Time\n: short\n~ 5 minutes")
    assert (type(definitions), paragraph.inline.text) == (DefinitionList, "~ 5 minutes")


def test_an_explanation_without_a_term_of_one_line_is_reported():
    assert found("Two\nlines\n: text", "definition") == [(3, 1, 1)]
    assert found(": text", "definition") == [(1, 1, 1)]
    assert found("Term\n: text\n\nA time of 1 : 2", "definition") == []


# Footnotes


def test_footnotes_are_numbered_in_the_order_of_their_marks():
    page = page_of("## ONE\n\nA[^b], b[^a] and c.[^b]\n\n[^a]: *First* text.\n[^b]: Second text.[^c]\n\n[^c]: Third.\n")
    [section] = page.sections
    assert [(note.number, note.html, note.mark_ids) for note in notes_of(section)] == [
        (1, '<p>Second text.<sup class="note-mark"><a id="mark:3" href="#note:3" role="doc-noteref">3</a></sup></p>',
         ("mark:1", "mark:1:2")),
        (2, "<p><em>First</em> text.</p>", ("mark:2",)),
        (3, "<p>Third.</p>", ("mark:3",)),
    ]  # fmt: skip
    assert part_names(section) == ["Prose", "NoteList"]
    assert page.problems == ()


def test_a_footnote_is_shown_at_the_end_of_the_section_with_its_text():
    text = (
        "## ONE\n\nA[^1] and b.[^2]\n\n[^1]: Here.\n\n## TWO\n\nWords.\n\n## RELATED ROLES\n\n- [A](/a)\n\n[^2]: There."
    )
    one, two, links = page_of(text).sections
    assert [[note.html for note in notes_of(section)] for section in (one, two, links)] == [
        ["<p>Here.</p>"], ["<p>There.</p>"], []]  # fmt: skip
    [closing] = page_of("## READY TO START?\n\nA[^1]\n\n[^1]: Only here.").sections
    assert len(notes_of(closing)) == 1


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("A mark[^x] and `[^y]` and \\[^z].", [(1, 7, 4)]),
        ("A mark[^two words].", [(1, 7, 12)]),
        ("- A mark.[^1]\n\n[^1]: One.\n[^1]: Two.\n[^2]: Three.", [(4, 1, 5), (5, 1, 5)]),
        ("# [^1]", [(1, 3, 4)]),
    ],
)
def test_marks_and_footnotes_without_a_counterpart_are_reported_and_shown(written, places):
    page = page_of(f"## ANY\n\n{written}")
    assert found(written, "footnote") == places
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"[\[`].*?[\]`]", "", written))
    assert [word for word in words if word not in visible_text(page)] == []


def test_a_mark_that_the_page_does_not_show_has_no_link_back():
    page = page_of("## ANY\n\nA **[button[^1] → /b]**.\n\n[^1]: Text.")
    [note] = notes_of(page.sections[0])
    assert note.mark_ids == ()
    assert '<sup class="note-mark">1</sup>' in html_of(page)


def test_a_mark_inside_a_link_is_reported():
    """A footnote mark is a link, and a link can't contain another link."""
    assert rules(page_of("## ANY\n\n[A link[^1]](/a)\n\n[^1]: Text.")) == ["unsupported-markdown"]


@pytest.mark.parametrize("heading", [*HEADINGS[1:], "FREQUENTLY ASKED QUESTIONS"])
def test_a_mark_does_not_change_how_a_heading_is_read(heading):
    plain, marked = page_of(f"## {heading}\n\nWords.").sections[0], page_of(f"## {heading}[^1]\n\nW.\n\n[^1]: x")
    section = marked.sections[0]
    assert (section.kind, section.anchor) == (plain.kind, plain.anchor)
    assert "note-mark" in section.heading


def test_marks_do_not_change_how_text_is_read():
    faq = section_of("## FAQ\n\n**Who?**[^1]\nWe.[^1]\n\n[^1]: A note.")
    assert [(item.question_text, item.answer_text) for item in faq.items] == [("Who?", "We.")]
    # The mark in a question has no link, because a click on the question opens the answer.
    assert faq.items[0].question == 'Who?<sup class="note-mark">1</sup>'
    challenge = section_of("## THE CHALLENGE\n\nHard[^1] work.\n\n- **A lead.**[^1] More.\n\n[^1]: A note.")
    assert challenge.opening == "Hard work."
    assert part_names(challenge) == ["Prose", "Statements", "NoteList"]


@pytest.mark.parametrize("label", ["**Time[^1]:** 10 min", "**Time**[^1]: 10 min", "**Time:**[^1] 10 min"])
def test_a_mark_in_a_label_is_shown_before_the_text(label):
    [fact, _] = section_of(f"## HOW IT WORKS\n\n{label}\n\n[^1]: A note.").body
    assert fact.label == "Time"
    assert re.fullmatch(r'<sup class="note-mark">.*</sup> ?10 min', fact.value)


def test_search_passages_have_no_marks():
    page = page_of("## ANY\n\nOne[^1] two.\n\n> Said.\n> — Ada, Lead\n\nTerm\n: Text\n\n[^1]: The note.")
    [passage] = [passage for passage in passages(page) if passage.anchor == "any"]
    assert passage.text.split("\n") == ["One two.", "Said.", "— Ada, Lead ·", "Term ·", "Text ·", "The note."]


def test_a_footnote_and_its_mark_are_blocks_with_positions():
    paragraph, footnote = blocks.parse("One[^a] two\n\n[^a]: The *text*.")
    assert isinstance(footnote, Footnote) and footnote.label == "a"
    assert [(run.text, run.column) for run in paragraph.inline.runs] == [("One", 1), ("", 4), (" two", 8)]
    assert [(run.text, run.column) for run in footnote.blocks[0].inline.runs] == [("The ", 7), ("text", 12), (".", 17)]


# Statements


def test_three_bold_sentences_in_a_list_are_statements():
    text = "- **One.** a\n- **Two?** b\n\n  more\n- **Three!**"
    [statements] = section_of(f"## ANY\n\n{text}").body
    assert isinstance(statements, Statements) and statements.is_plain
    assert [statement.lead for statement in statements.statements] == ["One.", "Two?", "Three!"]
    [challenge] = section_of(f"## THE CHALLENGE\n\n{text}").body
    assert not challenge.is_plain


@pytest.mark.parametrize(
    "written",
    [
        "- **One.** a\n- **Two.** b",
        "- **One:** a\n- **Two:** b\n- **Three:** c",
        "1. **A.**\n2. **B.**\n3. **C.**",
        "- **One.**\n- Two.\n- **Three.**",
    ],
)
def test_other_lists_stay_lists(written):
    assert "<li>" in prose_of(written)


# Every kind of section

BLOCKS = {
    "a quotation with a name": "> first\n> — second, third",
    "a callout": "> [!NOTE]\n> first\n>\n> second\n>\n> third",
    "a definition list": "first\n: second\n: third",
    "statements": "- **first.** x\n- **second.** x\n- **third.** x",
    "a task list": "- [ ] first\n- [x] ~~second~~ third",
    "footnotes": "first[^1] second[^2] third",
}


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_is_shown_in_every_kind_of_section(heading, name):
    notes = "\n\n[^1]: fourth\n[^2]: fifth" if name == "footnotes" else ""
    page = page_of(f"## {heading}\n\nbefore\n\n{BLOCKS[name]}\n\nafter{notes}\n\n## LAST\n\nlast words\n")
    words = re.findall(r"\b(?:before|first|second|third|after|fourth|fifth|last)\b", visible_text(page).lower())
    expected = ["before", "first", "second", "third", "after", *(["fourth", "fifth"] if notes else []), "last"]
    assert list(dict.fromkeys(words)) == expected
    assert set(rules(page)) <= {"missing-headline"}
    assert not re.search(r"\[[\^!]", visible_text(page))


PARTS = ["> ", "> [!NOTE]\n> ", "[!TIP]", "— ", "- ", ": ", "~ ", "[^1]", "[^1]: ", "[^2]", "[^2]: ", "\n", "\n",
         "\n\n", "    ", "  ", "**", "1. ", "### ", "| a |\n|---|\n| b |", "```\n", "*", "? ", "[", "](/a)",
         "**[Go → /a]**"]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_random_blocks_lose_no_word(heading):
    random_source = random.Random(heading)  # noqa: S311
    for _ in range(12):
        parts = [random_source.choice([*PARTS, *[None] * len(PARTS)]) for _ in range(25)]
        text = "".join(part or f"word{number}x " for number, part in enumerate(parts))
        page = page_of(f"## {heading}\n\n{text}\n\n## LAST\n\nend\n")
        assert [word for word in re.findall(r"word\d+x", text) if word not in visible_text(page).lower()] == [], text
        html = html_of(page)
        ids = [*re.findall(r'<a id="([^"]+)"', html)]
        assert len(ids) == len(set(ids))
        assert {id for section in page.sections for note in notes_of(section) for id in note.mark_ids} <= set(ids)
        assert all(problem.column <= len(page.source.lines[problem.line - 1]) + 1 for problem in page.problems)
