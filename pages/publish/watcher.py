"""Whether there is something new to publish."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from ..content import library
from ..repository.visible_pages import VisiblePages

POLL_SECONDS = 0.15  # seconds between two looks at the documents
SHARE = 3  # times as long as a look takes, it rests: ten thousand documents take a while


class Watcher:
    """Looks at the documents in `folder`, with `reload`, and at the clock."""

    def __init__(self, folder: Path, *, reload: bool) -> None:
        self._folder = folder
        self._reload = reload
        self._seen = self._glance()
        self._next_look = 0.0
        self._next_time: datetime | None = None
        self._has_news = False

    def begin(self, found: VisiblePages) -> None:
        """`found` is what is known; from now on, what is not of it is news."""
        times = [page.meta.publish for page in found.library.pages.values() if page.meta.publish]
        self._next_time = min((time for time in times if time > found.now), default=None)

    def has_changes(self) -> bool:
        """Until it is taken. Takes next to no time between two looks."""
        if not self._has_news and (now := monotonic()) >= self._next_look:
            seen = self._glance()
            self._next_look = now + max(POLL_SECONDS, SHARE * (monotonic() - now))
            has_come = self._next_time is not None and datetime.now(UTC) >= self._next_time
            self._has_news = seen != self._seen or has_come
            self._seen = seen
        return self._has_news

    def take(self) -> None:
        """The news is about to be looked at: what changes from now on is news again."""
        self._has_news = False

    def _glance(self) -> int:
        return library.stamp_hash(self._folder) if self._reload else 0
