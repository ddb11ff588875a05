"""The steps of the ROI formula as formulas for spreadsheets. `roi` has the same formula in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .roi import Comparison


@dataclass(frozen=True)
class Step:
    """A step of the calculation.

    `formula` uses the names of inputs and of earlier steps. `explanation` says the same in words. `value` is the result
    with the document's figures, or None if there is no result. `is_count` means that the result isn't in rupees.
    """

    name: str
    label: str
    explanation: str
    formula: str
    value: Decimal | None
    is_count: bool = False
    is_sum: bool = False


def _rounded(formula: str) -> str:
    """Return a formula that rounds to whole rupees. Like `roi`, the formula rounds half a rupee up.

    A floating-point error can make an amount that ends in .5 slightly too small. So first round to six decimals.
    """
    return f"ROUND(ROUND({formula},6),0)"


def steps_of(result: Comparison, labels: Mapping[str, str]) -> tuple[Step, ...]:
    """Return all steps in order. `labels` maps the name of each input to its label in the document."""
    without, assessed = result.without_assessments, result.with_assessments
    return (
        Step(
            "all_candidates",
            "Candidates a year",
            f"{labels['hires']} × {labels['candidates']}",
            "hires*candidates",
            result.candidates,
            is_count=True,
        ),
        Step(
            "all_hours",
            "Interview hours",
            f"Candidates a year × {labels['hours']}",
            "all_candidates*hours",
            result.hours,
            is_count=True,
        ),
        Step(
            "interview_cost",
            "Cost of interviews",
            f"Interview hours × {labels['rate']}",
            _rounded("all_hours*rate"),
            without.interviews,
        ),
        Step(
            "all_mishires",
            "Wrong hires a year",
            f"{labels['hires']} × {labels['mishires']}",
            "hires*mishires/100",
            result.mishires,
            is_count=True,
        ),
        Step(
            "all_mishire_cost",
            "Cost of wrong hires",
            f"Wrong hires a year × {labels['mishire_cost']}",
            _rounded("all_mishires*mishire_cost"),
            without.mishires,
        ),
        Step(
            "total_without",
            "Total with interviews alone",
            "Cost of interviews + Cost of wrong hires",
            "interview_cost+all_mishire_cost",
            without.total,
            is_sum=True,
        ),
        Step(
            "assessment_cost",
            "Assessments",
            f"Candidates a year × {labels['price']}",
            _rounded("all_candidates*price"),
            assessed.assessments,
        ),
        Step(
            "remaining_hours",
            "Remaining hours",
            f"Interview hours − {labels['saved']}",
            "all_hours*(100-saved)/100",
            result.remaining_hours,
            is_count=True,
        ),
        Step(
            "remaining_interview_cost",
            "Cost of remaining hours",
            f"Remaining hours × {labels['rate']}",
            _rounded("remaining_hours*rate"),
            assessed.interviews,
        ),
        Step(
            "remaining_mishires",
            "Remaining wrong hires",
            f"Wrong hires a year − {labels['avoided']}",
            "all_mishires*(100-avoided)/100",
            result.remaining_mishires,
            is_count=True,
        ),
        Step(
            "remaining_mishire_cost",
            "Cost of remaining wrong hires",
            f"Remaining wrong hires × {labels['mishire_cost']}",
            _rounded("remaining_mishires*mishire_cost"),
            assessed.mishires,
        ),
        Step(
            "total_with",
            "Total with assessments",
            "Assessments + Cost of remaining hours + Cost of remaining wrong hires",
            "assessment_cost+remaining_interview_cost+remaining_mishire_cost",
            assessed.total,
            is_sum=True,
        ),
        Step(
            "savings",
            "Difference",
            "Total with interviews alone − Total with assessments",
            "total_without-total_with",
            result.savings,
            is_sum=True,
        ),
        Step(
            "hours_to_break_even",
            "Hours to save per assessment",
            f"(Assessments − savings on wrong hires) ÷ (Candidates a year × {labels['rate']})",
            'IF(all_candidates*rate=0,"",(assessment_cost-all_mishire_cost+remaining_mishire_cost)/(all_candidates*rate))',
            result.hours_to_break_even,
            is_count=True,
        ),
        Step(
            "mishires_to_break_even",
            "Wrong hires to avoid per year",
            f"(Assessments − savings on interviews) ÷ {labels['mishire_cost']}",
            'IF(mishire_cost=0,"",(assessment_cost-interview_cost+remaining_interview_cost)/mishire_cost)',
            result.mishires_to_break_even,
            is_count=True,
        ),
    )
