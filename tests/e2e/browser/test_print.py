"""Printed pages. A role page prints as an interview kit: questions and criteria, without navigation."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from ...support import copy_words
from .every_page import EXTRA_DOCUMENTS, SEED_URL, on_every_page
from .measures import SCHEMES, low_contrast_in_print, overflowing_elements

PAPER_WIDTH = 688  # In pixels: the width of A4 at 96 dpi, minus the margins in print.css.
ROLES = [SEED_URL, *(copy_words.url(path.read_text()) for path in EXTRA_DOCUMENTS if "# Hire " in path.read_text())]
PRINTED = {"questions": ".question-list li", "criteria": ".criteria-table tbody tr"}
NOT_PRINTED = 'nav:not(.breadcrumbs), .breadcrumbs a, address, .site-description, .button, .tick, [href="#content"]'


def condense(text: str) -> str:
    """Remove whitespace and ligatures, which depend on the layout."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def print_sheets(page, paper="A4") -> list[str]:
    """Print the page, and return the text of each sheet."""
    return [condense(sheet.extract_text()) for sheet in PdfReader(io.BytesIO(page.pdf(format=paper))).pages]


@on_every_page
def test_printed_page_fits_the_paper_and_has_enough_contrast(visit, path):
    page = visit(path, PAPER_WIDTH)
    page.emulate_media(media="print")
    assert overflowing_elements(page) == []
    for scheme in SCHEMES:
        page.emulate_media(media="print", color_scheme=scheme)
        assert low_contrast_in_print(page) == [], scheme
    assert [part.inner_text() for part in page.locator(NOT_PRINTED).all() if part.is_visible()] == []


@on_every_page
def test_the_last_printed_line_has_the_address_and_the_offer(visit, path):
    page = visit(path, PAPER_WIDTH)
    canonical = page.locator("link[rel=canonical]").all()
    address = canonical[0].get_attribute("href").removeprefix("https://") if canonical else ""
    *_, last = [sheet for sheet in print_sheets(page) if sheet]
    assert last.endswith(condense(f"LayersRank {address} Five assessments free. No credit card.")), last[-200:]


@on_every_page
def test_faq_questions_are_printed_with_their_answers(visit, path):
    page = visit(path, PAPER_WIDTH)
    page.emulate_media(media="print")
    assert [
        entry.inner_text()
        for entry in page.locator("details").all()
        if entry.is_visible() and not entry.locator(":scope > :not(summary)").first.is_visible()
    ] == []


@pytest.mark.parametrize("path", ROLES)
def test_a_role_page_prints_all_questions_and_criteria(visit, path):
    page = visit(path, PAPER_WIDTH)
    sheets = print_sheets(page)
    page.emulate_media(media="print")
    all_text = "".join(sheets)
    for kind, selector in PRINTED.items():
        parts = page.locator(selector).all()
        assert parts, kind
        assert [part.inner_text() for part in parts if not part.is_visible()] == []
        cells = [cell for part in parts for cell in part.locator("p, th, td").all()]
        assert [cell for cell in (condense(cell.text_content()) for cell in cells) if cell not in all_text] == []
    assert "Skiptocontent" not in all_text


@pytest.mark.parametrize("path", ROLES)
def test_a_role_page_prints_only_what_an_interviewer_needs(visit, path):
    page = visit(path, PAPER_WIDTH)
    page.emulate_media(media="print")
    kinds = page.locator("main > :visible").evaluate_all("parts => parts.map(part => part.className)")
    assert {kind.split()[-1] for kind in kinds} == {"hero", "plain-questions", "criteria"}


@pytest.mark.parametrize("path", ROLES)
def test_no_row_or_question_is_split_between_sheets(visit, path):
    page = visit(path, PAPER_WIDTH)
    sheets = print_sheets(page)
    split = []
    for part in page.locator(f"{PRINTED['questions']}, {PRINTED['criteria']}").all():
        cells = [condense(cell.text_content()) for cell in part.locator("p, th, td").all()]
        if not any(all(cell in sheet for cell in cells) for sheet in sheets):
            split.append(cells[0])
    assert split == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_result_of_a_calculation_is_printed_on_one_sheet_with_its_figures(open_page, paper):
    page = open_page(
        "/resources/roi-calculator?hires=12&candidates=8&hours=4&rate=1500&mishires=10"
        "&mishire_cost=500000&price=1800&saved=40&avoided=25",
        PAPER_WIDTH,
    )
    (sheet,) = print_sheets(page, paper)
    assert condense("With these figures, assessments save ₹2,07,600 a year.") in sheet
    assert condense("Total ₹1,72,800 + ₹3,45,600 + ₹4,50,000 = ₹9,68,400") in sheet
    page.goto(
        page.url.partition("?")[0] + "?hires=10000&candidates=500&hours=100&rate=100000&mishires=100"
        "&mishire_cost=100000000&price=100000&saved=33.33&avoided=33.33"
    )
    assert len(print_sheets(page, paper)) == 1
