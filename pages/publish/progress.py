"""Progress messages of long builds, such as “Published 1,200 of 10,000 pages”."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

INTERVAL_SECONDS = 5


class Progress:
    """Counts steps, and passes `message` to `report` every INTERVAL_SECONDS.

    `message` has two fields: for the number of finished steps, and for `total`. If all steps together take less than
    INTERVAL_SECONDS, nothing is reported.
    """

    def __init__(self, report: Callable[[str], object], message: str, total: int) -> None:
        self._report = report
        self._message = message
        self._total = total
        self._finished = 0
        self._report_at = monotonic() + INTERVAL_SECONDS

    def advance(self) -> None:
        self._finished += 1
        if monotonic() >= self._report_at:
            self._report(self._message.format(f"{self._finished:,}", f"{self._total:,}"))
            self._report_at = monotonic() + INTERVAL_SECONDS
