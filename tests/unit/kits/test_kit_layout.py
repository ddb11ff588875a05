"""Tests for the pages of kits as PDF: how many questions they have, and what a printer may cut off."""

from dataclasses import replace

import pytest

from pages.kits.kit import Criterion, Dimension, Link, Note, Part, Question, QuestionGroup, Skill
from pages.kits.page_kit import kit_of
from tests.support.kits import WORDS
from tests.unit.kits.test_kit_pdf import open_pdf, squeezed
from tests.unit.kits.test_kit_sentences import PAGES, PDFS, pdf_of

ROLE_KIT = kit_of(PAGES["machine-learning-engineer.md"], None, WORDS)

A4_HEIGHT, CAPITALS = 842, 7  # The heights of a page and of capital letters, in points.
POINTS = 72 / 25.4  # The points in a millimeter.
# How much a printer may cut off when it prints an A4 page on US Letter, in points: at the bottom, and at the top. US
# Letter is 17.6 mm shorter than A4. A printer cuts off all of this at the bottom, or half of it at each end. At each
# end, most printers also leave a margin of 6.4 mm (a quarter of an inch).
CUT_BELOW, CUT_ABOVE = (17.6 + 6.4) * POINTS, (17.6 / 2 + 6.4) * POINTS


def heights_of(reader):
    """Return the vertical positions of all texts, in points from the bottom of their pages."""
    heights = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: text.strip() and heights.append(cm[5] + tm[5]))
    return heights


def questions_on_pages(kit, reader):
    """Return the number of questions on each page of the kit's PDF that has questions."""
    questions = [squeezed(question.text) for group in kit.groups for question in group.questions]
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    counts = [count for text in pages if (count := sum(each in text for each in questions))]
    assert sum(counts) == len(questions)
    return counts


@pytest.mark.parametrize("name", PDFS)
def test_no_text_is_cut_off_on_us_letter(name):
    heights = heights_of(pdf_of(name))
    assert min(heights) > CUT_BELOW and max(heights) + CAPITALS < A4_HEIGHT - CUT_ABOVE


@pytest.mark.parametrize("name", PDFS)
def test_no_question_is_alone_on_its_page(name):
    assert min(questions_on_pages(kit_of(PAGES[name], None, WORDS), pdf_of(name)), default=2) >= 2


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize("lines", [1, 2])
@pytest.mark.parametrize("per_part", [1, 9])
def test_no_question_of_a_kit_with_any_number_of_questions_is_alone(count, lines, per_part):
    """Each question takes at most a third of a page. So two questions fit on a page, even with items between them."""
    questions = [Question(str(n), f"Question {n}?", (Note("Shows", "Some words. " * 6 * lines),)) for n in range(count)]
    groups = [QuestionGroup(f"Group {n}", f"group-{n}", (each,)) for n, each in enumerate(questions)]
    items = [item for group in groups for item in (group, "A paragraph.", Link("A link", "/link"))]
    size = 3 * per_part
    parts = tuple(Part(f"Part {start}", tuple(items[start : start + size])) for start in range(0, len(items), size))
    kit = replace(ROLE_KIT, parts=parts)
    assert min(questions_on_pages(kit, open_pdf(kit))) >= 2


@pytest.mark.parametrize("place", ["question", "criterion", "skill", "rows", "lines", "code", "narrow"])
def test_texts_longer_than_a_page_continue_on_the_next_page(place):
    long = "Many words. " * 1_000
    items = {
        "question": (QuestionGroup("", "a", (Question("1", "Why?", (), (long,)),)),),
        "criterion": tuple(Criterion(f"Name {number}", (Note("Great", long[:1_000]),)) for number in range(20)),
        "skill": (Dimension("A", "A", 100, tuple(Skill(f"Skill {n}", ("Point",) * 9) for n in range(30))),),
        "lines": (QuestionGroup("", "a", (Question("1", "Why?", (), ("x",) * 200),)),),
        "code": (QuestionGroup("", "a", (Question("1", "Why?", (), ("\n".join("x" * 200),)),)),),
        "narrow": tuple(Dimension(name, name, 30, (Skill("Skill", (long[:2_900],)),)) for name in "ABC"),
        "rows": tuple(Criterion(f"Name {number}", ()) for number in range(60)),
    }
    reader = open_pdf(replace(ROLE_KIT, parts=(Part("Heading", items[place]),)))
    assert len(reader.pages) > 1
    assert min(heights_of(reader)) > CUT_BELOW
