"""Writers often forget spaces and blank lines that CommonMark requires. The site reads their documents correctly."""

import pytest

from pages.content import blocks
from pages.content.blocks import List, Paragraph
from tests.support.content_samples import page_of, section_of


@pytest.mark.parametrize(
    ("text", "bold", "rest"),
    [
        ("**Headline:**Find them", "Headline:", "Find them"),
        ("**Counting bugs.**A long list", "Counting bugs.", "A long list"),
        ("**Really?**Yes", "Really?", "Yes"),
    ],
)
def test_bold_text_can_end_without_a_space_after_it(text, bold, rest):
    lead, remainder = blocks.parse(text)[0].inline.split_lead()
    assert (lead.text, remainder.text) == (bold, rest)
    assert remainder.column == text.index(rest) + 1


def test_italic_label_can_end_without_a_space_after_it():
    (paragraph,) = blocks.parse("*What this reveals:*Risk")
    assert paragraph.inline.split_label("emphasis")[0] == "What this reveals"


@pytest.mark.parametrize("text", ["see foo.**bar** there", "note:**bar** there", "2*3.*4"])
def test_bold_text_can_start_right_after_a_period_or_colon(text):
    (paragraph,) = blocks.parse(text)
    assert [run.text for run in paragraph.inline.runs if run.strong] == (["bar"] if "bar" in text else [])


@pytest.mark.parametrize("marker", ["-", "*", "1."])
def test_bold_label_directly_under_a_list_ends_the_list(marker):
    parsed = blocks.parse(f"**One**\n{marker} first\n**Two**\n{marker} second")
    assert [type(block) for block in parsed] == [Paragraph, List, Paragraph, List]


@pytest.mark.parametrize("more", ["more of it", "  **bold and indented**", "**bold** and more"])
def test_ordinary_text_directly_under_a_list_continues_its_last_item(more):
    (block,) = blocks.parse(f"- first\n{more}")
    assert len(block.items) == 1


def test_has_questions_is_true_only_if_the_section_contains_questions():
    prose = "## 4. Questions\n\nThey are about the work.\n\n### 4.1 What is asked\n\nThe work.\n"
    assert not section_of(prose).has_questions
    assert section_of("## SAMPLE QUESTIONS\n\n**1. Why?**\n").has_questions


def test_table_headers_are_aligned_like_their_cells():
    section = section_of("## SOMETHING\n\n### Each\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n")
    html = "".join(getattr(part, "html", "") for part in section.body)
    assert html.count('class="align-center"') == html.count('class="align-right"') == 2


def test_card_keeps_the_separator_between_label_and_note():
    section = section_of("## RELATED PAGES\n\n- [One](/one) — first\n- [Two](/two): second\n")
    assert [card.separator for card in section.body[0].cards] == [" —", ":"]


def test_questions_without_blank_lines_are_separate():
    text = "## SAMPLE QUESTIONS\n\n**1. A?**\n*What this reveals:* x.\n**2. B?**\n*What this reveals:* y.\n"
    page = page_of(text)
    (group,) = page.sections[0].body
    assert [(question.number, question.text, question.notes[0].text) for question in group.questions] == [
        ("1", "A?", "x."),
        ("2", "B?", "y."),
    ]
    assert page.problems == ()


def test_faq_questions_without_blank_lines_are_separate():
    text = "## FAQ\n\n**Who,\nby the way?**\nWe.\n**And what?**\nThis, **and that**.\n"
    items = page_of(text).sections[0].items
    assert [(item.question_text, item.answer_text) for item in items] == [
        ("Who, by the way?", "We."),
        ("And what?", "This, and that."),
    ]
