"""Pages on paper. A role page prints as an interview kit: its questions and criteria, and no way around."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from ...support import copy_words
from .every_page import OTHER_SHAPES, SEED_URL, on_every_page
from .measures import SCHEMES, faint_on_paper, wider_than_the_page

PAPER = 688  # A4 at 96 pixels an inch, less the margins of print.css
ROLES = [SEED_URL, *(copy_words.url(path.read_text()) for path in OTHER_SHAPES if "# Hire " in path.read_text())]
KEPT = {"questions": ".question-list li", "criteria": ".criteria-table tbody tr"}
LEFT_OUT = 'nav, .skip-link, .site-header, .site-footer, .button, [href="#content"]'


def dense(text: str) -> str:
    """`text` without what lines, columns and ligatures do to it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def printed(page) -> list[str]:
    """What stands on each sheet."""
    return [dense(sheet.extract_text()) for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]


@on_every_page
def test_it_fits_the_paper_in_ink_that_shows(open_page, path):
    page = open_page(path, PAPER)
    page.emulate_media(media="print")
    assert wider_than_the_page(page) == []
    for scheme in SCHEMES:
        page.emulate_media(media="print", color_scheme=scheme)
        assert faint_on_paper(page) == [], scheme
    assert [part.inner_text() for part in page.locator(LEFT_OUT).all() if part.is_visible()] == []


@on_every_page
def test_a_question_that_is_printed_is_printed_with_its_answer(open_page, path):
    page = open_page(path, PAPER)
    page.emulate_media(media="print")
    assert [
        entry.inner_text()
        for entry in page.locator("details").all()
        if entry.is_visible() and not entry.locator(":scope > :not(summary)").first.is_visible()
    ] == []


@pytest.mark.parametrize("path", ROLES)
def test_a_role_page_is_an_interview_kit(open_page, path):
    page = open_page(path, PAPER)
    sheets = printed(page)
    page.emulate_media(media="print")
    whole = "".join(sheets)
    for kind, selector in KEPT.items():
        parts = page.locator(selector).all()
        assert parts, kind
        assert [part.inner_text() for part in parts if not part.is_visible()] == []
        cells = [cell for part in parts for cell in part.locator("p, th, td").all()]
        assert [cell for cell in (dense(cell.text_content()) for cell in cells) if cell not in whole] == []
    assert "Skiptothecontent" not in whole


@pytest.mark.parametrize("path", ROLES)
def test_no_row_and_no_question_is_cut_by_the_end_of_a_sheet(open_page, path):
    page = open_page(path, PAPER)
    sheets = printed(page)
    cut = []
    for part in page.locator(f"{KEPT['questions']}, {KEPT['criteria']}").all():
        cells = [dense(cell.text_content()) for cell in part.locator("p, th, td").all()]
        if not any(all(cell in sheet for cell in cells) for sheet in sheets):
            cut.append(cells[0])
    assert len(sheets) > 1
    assert cut == []
