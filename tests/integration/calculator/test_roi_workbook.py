"""Tests for the ROI calculator's workbook: its formulas give the page's numbers, also in LibreOffice."""

import random
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

import pytest

from pages.calculator.forms import calculate
from pages.calculator.roi_workbook import roi_workbook
from pages.content.sections.calculator import NAMES, Calculator
from tests.support import spreadsheets
from tests.support.spreadsheets import named_cell, needs_libreoffice

SITE_URL = "https://www.example.com"
ROI_URL = "/resources/roi-calculator"

# The figures of each case, in the order of NAMES.
CASES = {
    "by-hand": ("10", "8", "4", "1500", "10", "500000", "1800", "50", "20"),
    "even": ("10", "8", "4", "1500", "10", "500000", "0", "0", "0"),
    "free-hours": ("10", "8", "4", "0", "10", "500000", "1800", "0", "0"),
    "harmless-mishires": ("10", "8", "4", "1500", "10", "0", "1800", "0", "0"),
    "all-avoided": ("10", "8", "4", "1500", "10", "500000", "1800", "100", "100"),
    "half-rupees": ("1.5", "3", "0.5", "2.22", "33.33", "0.5", "1.01", "33.3", "12.5"),
    "largest": ("10000", "500", "100", "100000", "100", "100000000", "100000", "0", "0"),
}


@pytest.fixture
def page(sample_site):
    return sample_site[1].pages[ROI_URL].full


def with_defaults(page, figures):
    """The page with other defaults, and with ranges that allow them."""
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


def expected_values(page, figures):
    """The page's numbers for `figures`, keyed by the names of the workbook's cells."""
    result = calculate(page.calculator, dict(zip(NAMES, figures, strict=True))).comparison
    without, assessed = result.without_assessments, result.with_assessments
    return {
        "all_candidates": result.candidates,
        "all_hours": result.hours,
        "interview_cost": without.interviews,
        "all_mishires": result.mishires,
        "all_mishire_cost": without.mishires,
        "total_without": without.total,
        "assessment_cost": assessed.assessments,
        "remaining_hours": result.remaining_hours,
        "remaining_interview_cost": assessed.interviews,
        "remaining_mishires": result.remaining_mishires,
        "remaining_mishire_cost": assessed.mishires,
        "total_with": assessed.total,
        "savings": result.savings,
        "hours_to_break_even": result.hours_to_break_even,
        "mishires_to_break_even": result.mishires_to_break_even,
    }


def values_of(workbook, names):
    """The values of named cells. An empty text, which means no result, becomes None."""
    cells = {name: named_cell(workbook, name).value for name in names}
    return {name: None if value in (None, "") else pytest.approx(value, rel=1e-12) for name, value in cells.items()}


def rounded_up(number):
    """The minimum as the page shows it. A minimum below zero is zero."""
    if number is None:
        return None
    return float(max(number, Decimal()).quantize(Decimal("0.01"), rounding=ROUND_CEILING))


def minimums(workbook):
    """The two minimums on the first sheet: hours and wrong hires. An empty text becomes None."""
    rows = [row for row in workbook["Calculator"].iter_rows(values_only=True) if str(row[0]).startswith(("each", "or"))]
    return [None if row[1] in (None, "") else row[1] for row in rows]


def random_figures(seed):
    """Figures with two decimals, each in the range that the document allows."""
    generator = random.Random(seed)  # noqa: S311  # repeatable
    limits = (500, 40, 100, 9_000, 100, 10_000_000, 9_000, 100, 100)
    return tuple(str(Decimal(generator.randint(100, 100 * limit)) / 100) for limit in limits)


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


def test_the_sheets_print_on_a4_and_keep_their_heads_in_view(page):
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


@needs_libreoffice
def test_typed_figures_give_the_pages_numbers_in_libreoffice(page, tmp_path):
    cases = CASES | {f"random-{seed}": random_figures(seed) for seed in range(5)}
    data = roi_workbook(page, SITE_URL)
    workbooks = {}
    for case, figures in cases.items():
        workbooks[case] = spreadsheets.read(data)
        for name, figure in zip(NAMES, figures, strict=True):
            named_cell(workbooks[case], name).value = float(figure)
    results = spreadsheets.recalculate(tmp_path, workbooks)
    for case, figures in cases.items():
        expected = expected_values(page, figures)
        assert values_of(results[case], expected) == {
            name: None if value is None else float(value) for name, value in expected.items()
        }, case
        assert minimums(results[case]) == [
            rounded_up(expected["hours_to_break_even"]),
            rounded_up(expected["mishires_to_break_even"]),
        ], case


@needs_libreoffice
def test_a_figure_out_of_range_hides_every_result(page, tmp_path):
    workbook = spreadsheets.read(roi_workbook(page, SITE_URL))
    named_cell(workbook, "hires").value = -1
    result = spreadsheets.recalculate(tmp_path, {"bad": workbook})["bad"]
    assert result["Calculator"]["A3"].value == "Correct the marked figures to see the result."
    expected = expected_values(page, CASES["by-hand"])
    assert set(values_of(result, expected).values()) == {None}
