"""Coordinates of the interval drawing: a point on a band."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A band from `start` to `end` with a `point`, each in percent of the drawing's width."""

    start: float
    end: float
    point: float

    @property
    def width(self) -> float:
        return self.end - self.start
