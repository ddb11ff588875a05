"""Scores with their confidence intervals, such as “72 ± 4”, and the axis on which they are drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .intervals import Interval

# An axis starts and ends at a multiple of 25. For scores on a scale such as 1 to 5 or 1 to 10, it starts and ends at a
# multiple of 5.
STEP = 25
SMALL_STEP = 5
SMALL_SCALE = 10

_SCORE = re.compile(r"(?P<value>\d{1,6}(?:\.\d{1,6})?)\s*(?:±|\+/-)\s*(?P<margin>\d{1,6}(?:\.\d{1,6})?)")


@dataclass(frozen=True)
class Score:
    """A score and its margin. The confidence interval is from `low` to `high`."""

    value: float
    margin: float

    @property
    def low(self) -> float:
        return self.value - self.margin

    @property
    def high(self) -> float:
        return self.value + self.margin

    def __str__(self) -> str:
        return f"{self.value:g} ± {self.margin:g}"


def parse_score(text: str) -> Score | None:
    """Return the score if the whole text is a score, such as “72 ± 4” or “72 +/- 4”. Otherwise, return None."""
    match = _SCORE.fullmatch(text.strip())
    return Score(float(match["value"]), float(match["margin"])) if match else None


@dataclass(frozen=True)
class Axis:
    """An axis from `low` to `high`, both in the scores' unit."""

    low: float
    high: float

    @classmethod
    def around(cls, scores: Iterable[Score]) -> Axis:
        """Return the shortest axis that contains all intervals, and whose ends are multiples of its step."""
        scores = tuple(scores)
        low, high = min(score.low for score in scores), max(score.high for score in scores)
        step = SMALL_STEP if high <= SMALL_SCALE else STEP
        start = math.floor(low / step) * step
        return cls(start, max(math.ceil(high / step) * step, start + step))

    @property
    def ends(self) -> str:
        """The two labels of the axis, such as “50 100”. The stylesheet moves them to the axis's ends."""
        return f"{self.low:g} {self.high:g}".replace("-", "−")

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The position (in percent) and the label of each tick.

        There are always ticks at both ends of the axis. There is a tick at 25%, 50% or 75% only if the score at this
        position is a whole number.
        """
        values = [(percent, self.low + (self.high - self.low) * percent / 100) for percent in (0, 25, 50, 75, 100)]
        return tuple((percent, f"{value:g}") for percent, value in values if value.is_integer() or percent in (0, 100))

    def position(self, value: float) -> float:
        """Return the position of a value, in percent of the axis."""
        return round((value - self.low) / (self.high - self.low) * 100, 2)

    def interval(self, score: Score) -> Interval:
        """Return the positions of a score and of its interval's ends on the axis."""
        return Interval(self.position(score.low), self.position(score.high), self.position(score.value))
