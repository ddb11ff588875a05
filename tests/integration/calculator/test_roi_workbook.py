"""Tests for the ROI calculator's workbook: stored values, words, print settings and cells to fill in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pages.calculator.roi_workbook import roi_workbook
from pages.content.sections.calculator import Calculator
from tests.support import spreadsheets
from tests.support.calculator_numbers import CASES, expected_values, values_of
from tests.support.spreadsheets import named_cell

SITE_URL = "https://www.example.com"
ROI_URL = "/resources/roi-calculator"


@pytest.fixture
def page(sample_site):
    return sample_site[1].pages[ROI_URL].full


def with_defaults(page, figures):
    """Return a copy of the page in which the calculator's defaults are `figures`."""
    sections = []
    for section in page.sections:
        if isinstance(section, Calculator):
            (inputs,) = (part for part in section.body if part is section.inputs)
            quantities = tuple(
                replace(quantity, default=Decimal(figure))
                for quantity, figure in zip(inputs.quantities, figures, strict=True)
            )
            body = tuple(replace(inputs, quantities=quantities) if part is inputs else part for part in section.body)
            section = replace(section, body=body)
        sections.append(section)
    return replace(page, sections=tuple(sections))


def test_the_same_page_gives_the_same_bytes(page):
    assert roi_workbook(page, SITE_URL) == roi_workbook(page, SITE_URL)


@pytest.mark.parametrize("case", CASES)
def test_stored_values_are_those_of_the_page(page, case):
    """Previews, such as those in mail programs, show the stored values."""
    changed = with_defaults(page, CASES[case])
    stored = spreadsheets.read_values(roi_workbook(changed, SITE_URL))
    expected = expected_values(page, CASES[case])
    assert values_of(stored, expected) == {
        name: None if value is None else float(value) for name, value in expected.items()
    }


def test_only_figures_in_the_documents_ranges_can_be_typed(page):
    workbook = spreadsheets.read(roi_workbook(page, SITE_URL))
    rules = {str(rule.sqref): rule for rule in workbook["Calculator"].data_validations.dataValidation}
    for quantity in page.calculator.quantities:
        rule = rules[named_cell(workbook, quantity.name).coordinate]
        assert (float(rule.formula1), float(rule.formula2)) == (float(quantity.lowest), float(quantity.highest))


def test_the_sheets_print_on_a4_and_keep_their_top_rows_in_view(page):
    workbook = spreadsheets.read(roi_workbook(page, SITE_URL))
    assert workbook.sheetnames == ["Calculator", "Steps", "Assumptions"]
    for sheet in workbook.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_area
    assert workbook["Calculator"].freeze_panes and workbook["Steps"].freeze_panes


def test_the_documents_assumptions_are_in_the_workbook(page):
    sheet = spreadsheets.read(roi_workbook(page, SITE_URL))["Assumptions"]
    texts = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert "Saved hours are worth their cost, because interviewers use them for other work." in texts


def test_a_page_without_a_calculator_has_no_workbook(sample_site):
    with pytest.raises(ValueError, match="has no calculator"):
        roi_workbook(sample_site[1].pages["/pricing"].full, SITE_URL)
