"""What a year of hiring costs, with interviews alone and with assessments before them.

All amounts are in rupees, all shares between 0 and 1. Nothing here is an observation: every figure is the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


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
    """What one way of hiring costs a year, in rupees."""

    assessments: Decimal
    interviews: Decimal
    mishires: Decimal

    @property
    def total(self) -> Decimal:
        return self.assessments + self.interviews + self.mishires


@dataclass(frozen=True)
class Comparison:
    """Both ways, and the steps between: candidates, hours and wrong hires a year."""

    year: Year
    candidates: Decimal
    hours: Decimal
    hours_left: Decimal
    wrong: Decimal
    wrong_left: Decimal
    alone: Way
    assessed: Way

    @property
    def difference(self) -> Decimal:
        """What assessments spare a year; below nothing, what they add."""
        return self.alone.total - self.assessed.total

    @property
    def added(self) -> Decimal:
        return -self.difference

    @property
    def hours_to_break_even(self) -> Decimal | None:
        """The hours of interviewing a candidate that an assessment has to save for both ways to cost the same, with the
        wrong hires as entered; None where an hour costs nothing. Nothing or less: they pay without saving any."""
        if not self.year.rate or not self.candidates:
            return None
        spared = self.alone.mishires - self.assessed.mishires
        return (self.assessed.assessments - spared) / self.candidates / self.year.rate

    @property
    def mishires_to_break_even(self) -> Decimal | None:
        """The wrong hires a year that assessments have to avoid for both ways to cost the same, with the hours as
        entered; None where one costs nothing."""
        if not self.year.mishire_cost:
            return None
        spared = self.alone.interviews - self.assessed.interviews
        return (self.assessed.assessments - spared) / self.year.mishire_cost


def compare(year: Year) -> Comparison:
    """The two ways side by side. Takes any numbers, and raises for none."""
    candidates = year.hires * year.candidates
    hours = candidates * year.hours
    hours_left = hours * (1 - year.saved)
    wrong = year.hires * year.mishires
    wrong_left = wrong * (1 - year.avoided)
    nothing = Decimal()
    return Comparison(
        year,
        candidates,
        hours,
        hours_left,
        wrong,
        wrong_left,
        Way(nothing, hours * year.rate, wrong * year.mishire_cost),
        Way(candidates * year.price, hours_left * year.rate, wrong_left * year.mishire_cost),
    )
