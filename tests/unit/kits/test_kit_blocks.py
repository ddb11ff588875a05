"""Kits contain the quotations, callouts, footnotes and other special blocks of their pages, without Markdown syntax."""

from io import BytesIO

import openpyxl
import pytest

from pages.content.kit_letters import with_similar_signs
from pages.content.page_files import kind_of
from pages.kits.page_kit import competency_kits, kit_of
from pages.kits.workbook import kit_workbook
from tests.support.content_samples import page_of, rules
from tests.support.kits import WORDS, texts_of
from tests.unit.kits.test_kit_pdf import open_pdf, squeezed, text_of

BODY = """\
## SAMPLE QUESTIONS

### Technical Questions

**1. What failed[^1]?**

*What this reveals:* Care.[^2]

> Ask again.
> — Ada, Lead

> [!NOTE]
> A remark.

Term
: Its explanation.

- [ ] Open
- [x] Finished

- **One.** First.[^1]
- **Two.** Second.
- **Three.** Third.

[^1]: The first footnote.

## EVALUATION CRITERIA

| Competency | Great |
|---|---|
| Care | Names the rows[^3] |

## ANYTHING

Not in the kit.[^4]

[^2]: A footnote of another section.
[^3]: A footnote of the *table*.
[^4]: Not in the kit either.
"""

QUESTION_TEXTS = ["Ask again.", "— Ada, Lead", "Note", "A remark.", "Term", "Its explanation.", "☐ Open", "☑ Finished"]
STATEMENTS = ["One. First. [1]", "Two. Second.", "Three. Third."]
NOTES = ["[1] The first footnote.", "[2] A footnote of another section.", "[3] A footnote of the table."]


@pytest.fixture
def kit():
    page = page_of(BODY)
    assert rules(page) == []
    return kit_of(page, None, WORDS)


def test_a_kit_has_all_blocks_of_its_sections_and_the_footnotes_that_they_refer_to(kit):
    questions, criteria = kit.parts
    [question] = questions.items[0].questions
    assert question.text == "What failed [1]?"
    assert [note.text for note in question.notes] == ["Care. [2]"]
    assert list(question.texts) == [*QUESTION_TEXTS, *STATEMENTS]
    assert [note.text for note in criteria.items[0].notes] == ["Names the rows [3]"]
    assert list(criteria.items[1:]) == NOTES


def test_the_pdf_and_the_workbook_have_all_these_texts(kit):
    texts = [*texts_of(kit)]
    assert set(NOTES) <= set(texts)
    shown = text_of(open_pdf(kit))
    assert [text for text in texts if squeezed(with_similar_signs(text)) not in shown] == []
    book = openpyxl.load_workbook(BytesIO(kit_workbook(kit, "https://www.example.com")))
    cells = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert [text for text in texts if text not in cells] == []


def test_the_kit_of_a_competency_has_the_footnotes_of_its_questions():
    groups = "\n\n".join(f"### Group {n}\n\n**{n}. Why{n}[^{n}]?**\n\n*What this reveals:* X." for n in range(1, 6))
    notes = "\n".join(f"[^{n}]: Note {n}." for n in range(1, 6))
    page = page_of(f"## ALL QUESTIONS\n\n{groups}\n\n{notes}\n")
    assert kind_of(page.sections) == "question bank"
    kits = competency_kits(kit_of(page, None, WORDS))
    assert kits["group-2"].parts[0].items[1:] == ("[2] Note 2.",)


def test_a_letter_that_the_fonts_lack_is_found_in_a_footnote():
    page = page_of(BODY.replace("A footnote of another section.", "A footnote 🙏."))
    assert rules(page) == ["kit-letter"]
    assert not any(file.suffix == ".pdf" for file in page.files)


def test_a_kit_has_the_level_before_the_question_and_the_follow_up_below():
    notes = "*Level:* Senior\n\n*Red flags:* Blame.\n\n*Follow-up:* Who agreed?"
    kit = kit_of(page_of(f"## SAMPLE QUESTIONS\n\n**1. Why?**\n\n{notes}\n"), None, WORDS)
    assert "Level:Senior1Why?FollowupWhoagreed?" in text_of(open_pdf(kit))
