"""The time that pages are rendered for: the current time, or a time that was set, for example to prebuild pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """Return the current time in UTC. In a `fixed_at` block, return the block's time instead."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def fixed_at(time: datetime) -> Iterator[None]:
    """Make `now` return `time` in the `with` block, even in the threads that Django starts for a request."""
    token = _fixed.set(time)
    try:
        yield
    finally:
        _fixed.reset(token)
