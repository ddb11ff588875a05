"""Coordinates for drawing an interval, such as a score's: a horizontal band with a point on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A band from `start` to `end` with a `point`. All three are in percent of the drawing's width."""

    start: float
    end: float
    point: float

    @property
    def width(self) -> float:
        return round(self.end - self.start, 2)
