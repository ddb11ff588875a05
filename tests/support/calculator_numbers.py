"""The ROI calculator's numbers, on its page and in its workbook."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from pages.calculator.forms import calculate
from pages.content.document import Page
from pages.content.sections.calculator import NAMES

from .spreadsheets import named_cell

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


def expected_values(page: Page, figures: tuple[str, ...]) -> dict[str, Decimal | None]:
    """The page's numbers for `figures`, keyed by the names of the workbook's cells."""
    assert page.calculator
    result = calculate(page.calculator, dict(zip(NAMES, figures, strict=True))).comparison
    assert result
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


def values_of(workbook: Workbook, names: Iterable[str]) -> dict[str, Any]:
    """The values of named cells. An empty text, which means no result, becomes None."""
    cells = {name: named_cell(workbook, name).value for name in names}
    return {name: None if value in (None, "") else pytest.approx(value, rel=1e-12) for name, value in cells.items()}
