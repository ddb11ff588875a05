"""Tests for the formulas of the ROI calculator's workbook: in LibreOffice, they give the page's numbers."""

import random
import re
from decimal import ROUND_CEILING, Decimal

import pytest

from pages.calculator.roi_workbook import roi_workbook
from pages.content.sections.calculator import NAMES
from tests.support import spreadsheets
from tests.support.calculator_numbers import CASES, expected_values, values_of
from tests.support.spreadsheets import named_cell, needs_libreoffice

pytestmark = needs_libreoffice


@pytest.fixture(scope="module")
def page(sample_site):
    return sample_site[1].pages["/resources/roi-calculator"].full


@pytest.fixture(scope="module")
def fill_in(page):
    """A function that returns the calculator's workbook with the given figures filled in."""
    data = roi_workbook(page, "https://www.example.com")
    places = {name: named_cell(spreadsheets.read(data), name).coordinate for name in NAMES}

    def fill_in(figures):
        figures = (None if figure is None else float(figure) for figure in figures)
        return spreadsheets.fill_in(data, "Calculator", dict(zip(places.values(), figures, strict=True)))

    return fill_in


def rounded_up(number):
    """Return a minimum (see `minimums`) as the page shows it: rounded up to two decimals, and never below zero."""
    if number is None:
        return None
    return float(max(number, Decimal()).quantize(Decimal("0.01"), rounding=ROUND_CEILING))


def minimums(workbook):
    """Return the savings at which assessments pay for themselves: hours and wrong hires. An empty cell gives None."""
    rows = [row for row in workbook["Calculator"].iter_rows(values_only=True) if str(row[0]).startswith(("each", "or"))]
    return [None if row[1] in (None, "") else row[1] for row in rows]


def random_figures(seed):
    """Figures with two decimals, each in the range that the document allows."""
    generator = random.Random(seed)  # noqa: S311  # repeatable
    limits = (500, 40, 100, 9_000, 100, 10_000_000, 9_000, 100, 100)
    return tuple(str(Decimal(generator.randint(100, 100 * limit)) / 100) for limit in limits)


def test_typed_figures_give_the_same_results_as_on_the_page(page, fill_in, tmp_path):
    cases = CASES | {f"random-{seed}": random_figures(seed) for seed in range(5)}
    results = spreadsheets.recalculate(tmp_path, {case: fill_in(figures) for case, figures in cases.items()})
    for case, figures in cases.items():
        expected = expected_values(page, figures)
        assert values_of(results[case], expected) == {
            name: None if value is None else float(value) for name, value in expected.items()
        }, case
        assert minimums(results[case]) == [
            rounded_up(expected["hours_to_break_even"]),
            rounded_up(expected["mishires_to_break_even"]),
        ], case


def test_half_a_rupee_is_rounded_up_as_on_the_page(page, fill_in, tmp_path):
    """10 × 3 × 4.1 × 93% × ₹1,250 is ₹142,987.5. With binary fractions, the product is slightly less."""
    others = ("10", "500000", "1800")
    rounded = ("interview_cost", "all_mishire_cost", "assessment_cost", "remaining_interview_cost", "savings")
    cases = {
        f"{hours}-{saved}": ("10", "3", hours, "1250", *others, saved, "20")
        for hours in ("4.1", "2.3", "1.7", "0.7")
        for saved in ("7", "9", "11", "29")
    }
    results = spreadsheets.recalculate(tmp_path, {case: fill_in(figures) for case, figures in cases.items()})
    for case, figures in cases.items():
        expected = expected_values(page, figures)
        assert [named_cell(results[case], name).value for name in rounded] == [expected[name] for name in rounded], case


def test_a_figure_out_of_range_hides_every_result(page, fill_in, tmp_path):
    figures = list(CASES["by-hand"])
    cases = {"negative": ["-1", *figures[1:]], "empty": [*figures[:5], None, *figures[6:]]}
    cases["free"] = [*figures[:3], "0", figures[4], "0", "-5", *figures[7:]]
    results = spreadsheets.recalculate(tmp_path, {case: fill_in(figures) for case, figures in cases.items()})
    for case, result in results.items():
        sheet = result["Calculator"]
        assert sheet["A3"].value == "Correct the marked figures to see the result.", case
        expected = expected_values(page, CASES["by-hand"])
        assert set(values_of(result, expected).values()) == {None}, case
        notes = [row[3] for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith(("each", "or"))]
        assert [note or "" for note in notes] == ["", ""], case


def test_whole_numbers_have_indian_digit_grouping(fill_in, tmp_path):
    figures = ("10000", "500", "100", "100000", "100", "100000000", "100000", "0", "0")
    text = spreadsheets.printed(tmp_path, fill_in(figures))
    # pypdf reads rupee signs after the numbers, because the signs come from another font.
    numbers = text.replace("₹", " ").split()
    # The numbers are: candidates, hours, the cost of interviews, the cost of wrong hires, and the difference.
    for number in ("50,00,000", "50,00,00,000", "5,00,00,00,00,00,000", "10,00,00,00,00,000", "5,00,00,00,00,000"):
        assert number in numbers, number
    assert not re.search(r"\d{4}|#", text)
