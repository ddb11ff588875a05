"""Counts what happened to the leads that this process received. `/metrics` shows the sums of all workers."""

from __future__ import annotations

from collections import Counter
from threading import Lock

# `taken`: saved, and messages about it were created. `held_back`: saved in quarantine. `spooled`: saved to the spool,
# because the database failed. `lost`: neither the database nor the spool could save the lead, so the visitor saw an
# error.
RESULTS = TAKEN, HELD_BACK, SPOOLED, LOST = "taken", "held_back", "spooled", "lost"

_counts: Counter[str] = Counter()
_lock = Lock()  # several threads may call `count` at the same time


def count(result: str) -> None:
    with _lock:
        _counts[result] += 1


def counts() -> dict[str, int]:
    """Return the number of leads by result."""
    with _lock:
        return dict(_counts)
