"""What a year of hiring costs, with interviews alone and with assessments before them.

All amounts are in rupees, all shares between 0 and 1. Nothing here is an observation: every figure is the reader's.

Counts and hours are exact. What a step costs is rounded to whole rupees, half a rupee upwards, and every later step
reckons with the rounded amount: whoever follows the steps on paper comes to the same sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

# More digits than a product of all inputs has, so that nothing is rounded but where it says so.
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Year:
    """`hires` a year, `candidates` interviewed for each, `hours` of interviewers' time a candidate at `rate` rupees an
    hour; the share of hires that turn out wrong (`mishires`), each at `mishire_cost` rupees; `price` rupees an
    assessment; the share of interview hours that assessments save (`saved`), and of wrong hires that they avoid
    (`avoided`)."""

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
class Way:
    """What one way of hiring costs a year, in whole rupees."""

    assessments: Decimal
    interviews: Decimal
    mishires: Decimal
    total: Decimal


@dataclass(frozen=True)
class Comparison:
    """Both ways, and the steps between.

    `candidates`, `hours` and `wrong` (hires) are of a year, `hours_left` and `wrong_left` what assessments leave of
    them. `difference` is what assessments spare a year, in rupees; below nothing, what they add.

    `hours_to_break_even` are the hours of interviewing a candidate that an assessment has to save for both ways to cost
    the same, with the wrong hires as entered; None where an hour costs nothing. `mishires_to_break_even` are the wrong
    hires a year that assessments have to avoid for that, with the hours as entered; None where one costs nothing.
    Nothing or less: they pay without.
    """

    year: Year
    candidates: Decimal
    hours: Decimal
    hours_left: Decimal
    wrong: Decimal
    wrong_left: Decimal
    alone: Way
    assessed: Way
    difference: Decimal
    hours_to_break_even: Decimal | None
    mishires_to_break_even: Decimal | None

    @property
    def added(self) -> Decimal:
        return self.difference.copy_negate()


def compare(year: Year) -> Comparison:
    """The two ways side by side. Takes any numbers of up to eleven digits, and raises for none."""
    with localcontext(_EXACT):
        candidates = year.hires * year.candidates
        hours = candidates * year.hours
        hours_left = hours * (1 - year.saved)
        wrong = year.hires * year.mishires
        wrong_left = wrong * (1 - year.avoided)
        alone = _way(Decimal(), hours * year.rate, wrong * year.mishire_cost)
        assessed = _way(candidates * year.price, hours_left * year.rate, wrong_left * year.mishire_cost)
        interviews_spared = alone.interviews - assessed.interviews
        mishires_spared = alone.mishires - assessed.mishires
        an_hour_each = candidates * year.rate
        return Comparison(
            year,
            candidates,
            hours,
            hours_left,
            wrong,
            wrong_left,
            alone,
            assessed,
            alone.total - assessed.total,
            (assessed.assessments - mishires_spared) / an_hour_each if an_hour_each else None,
            (assessed.assessments - interviews_spared) / year.mishire_cost if year.mishire_cost else None,
        )


def _way(*costs: Decimal) -> Way:
    assessments, interviews, mishires = (cost.quantize(Decimal(1)) for cost in costs)
    return Way(assessments, interviews, mishires, assessments + interviews + mishires)
