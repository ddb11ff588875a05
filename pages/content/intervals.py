"""The site's one drawing: a point with a band to either side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A band from `start` to `end` with its `point`, each in hundredths of the drawing's width."""

    start: float
    end: float
    point: float

    @property
    def width(self) -> float:
        return self.end - self.start
