"""The ROI formula: the cost of a year of hiring, without and with assessments before interviews.

Amounts are in rupees. Shares are between 0 and 1. All figures are the visitor's own, and none are measurements.

Counts and hours are exact. Each cost is rounded to whole rupees (half a rupee is rounded up), and later steps use the
rounded amount. Visitors who add up the steps on the page therefore get the same total.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

# This precision has more digits than the product of all inputs. So results are rounded only where the code says so.
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Assumptions:
    """The visitor's figures for a year.

    `candidates` is the number of candidates interviewed for each hire. `hours` is the interviewers' time for each
    candidate, and `rate` is the cost of an hour. `mishires` is the share of hires that turn out wrong, and
    `mishire_cost` is the cost of each wrong hire. `price` is the price of an assessment. `saved` is the share of
    interview hours that assessments save, and `avoided` is the share of wrong hires that assessments avoid.
    """

    hires: Decimal
    candidates: Decimal
    hours: Decimal
    rate: Decimal
    mishires: Decimal
    mishire_cost: Decimal
    price: Decimal
    saved: Decimal
    avoided: Decimal


@dataclass(frozen=True)
class Cost:
    """The yearly cost of one way of hiring, in whole rupees."""

    assessments: Decimal
    interviews: Decimal
    mishires: Decimal
    total: Decimal


@dataclass(frozen=True)
class Comparison:
    """The yearly cost without and with assessments, and the intermediate results.

    `candidates`, `hours` and `mishires` are yearly totals. `remaining_hours` and `remaining_mishires` are the totals
    with assessments. `savings` is in rupees, and negative if assessments cost more than they save.

    `hours_to_break_even` is how many interview hours per candidate assessments must save to pay for themselves. The
    share of avoided wrong hires is `assumptions.avoided`. The number is zero or negative if avoiding these wrong hires
    already pays for the assessments. It is None if an hour costs nothing.

    `mishires_to_break_even` is how many wrong hires per year assessments must avoid to pay for themselves. The share of
    saved interview hours is `assumptions.saved`. The number is zero or negative if saving these hours already pays for
    the assessments. It is None if a wrong hire costs nothing.
    """

    assumptions: Assumptions
    candidates: Decimal
    hours: Decimal
    remaining_hours: Decimal
    mishires: Decimal
    remaining_mishires: Decimal
    without_assessments: Cost
    with_assessments: Cost
    savings: Decimal
    hours_to_break_even: Decimal | None
    mishires_to_break_even: Decimal | None

    @property
    def extra_cost(self) -> Decimal:
        return self.savings.copy_negate()


def compare(assumptions: Assumptions) -> Comparison:
    """Calculate the costs without and with assessments. Each figure may have up to eleven digits."""
    with localcontext(_EXACT):
        candidates = assumptions.hires * assumptions.candidates
        hours = candidates * assumptions.hours
        remaining_hours = hours * (1 - assumptions.saved)
        mishires = assumptions.hires * assumptions.mishires
        remaining_mishires = mishires * (1 - assumptions.avoided)
        without = _cost(Decimal(), hours * assumptions.rate, mishires * assumptions.mishire_cost)
        with_assessments = _cost(
            candidates * assumptions.price,
            remaining_hours * assumptions.rate,
            remaining_mishires * assumptions.mishire_cost,
        )
        interview_savings = without.interviews - with_assessments.interviews
        mishire_savings = without.mishires - with_assessments.mishires
        hourly_cost = candidates * assumptions.rate  # the total cost of spending one hour with each candidate
        return Comparison(
            assumptions,
            candidates,
            hours,
            remaining_hours,
            mishires,
            remaining_mishires,
            without,
            with_assessments,
            without.total - with_assessments.total,
            (with_assessments.assessments - mishire_savings) / hourly_cost if hourly_cost else None,
            (with_assessments.assessments - interview_savings) / assumptions.mishire_cost
            if assumptions.mishire_cost
            else None,
        )


def _cost(*amounts: Decimal) -> Cost:
    assessments, interviews, mishires = (amount.quantize(Decimal(1)) for amount in amounts)
    return Cost(assessments, interviews, mishires, assessments + interviews + mishires)
