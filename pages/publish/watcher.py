"""The watcher: detects changed documents, pages that go live or expire, and banners that appear or end.

The watcher also detects when the site has waited long enough for a file to be saved (see `content.unfinished_saves`).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from time import monotonic

from .. import clock
from ..content import content_folder
from ..content.library import Library
from ..repository import current
from ..repository.visible_pages import VisiblePages

POLL_SECONDS = 0.15
REST_FACTOR = 3  # after a scan, pause for three times its duration, because scanning 10,000 documents takes a while


def change_times(library: Library) -> set[datetime]:
    """Return all past and future times when a page goes live or expires, or a banner appears or ends."""
    times = {time for page in library.pages.values() for time in page.meta.publication_times}
    return times | set(library.site.banner.times if library.site.banner else ())


class Watcher:
    """Checks the clock repeatedly. If `reload` is True, also checks the documents in `folder`."""

    def __init__(self, folder: Path, *, reload: bool) -> None:
        self._folder = folder
        self._reload = reload
        self._last_scan = self._scan()
        self._next_poll = 0.0
        self._last_change: datetime | None = None
        self._next_change: datetime | None = None
        self._has_changes = False

    def start(self, visible: VisiblePages) -> None:
        """Start to watch for the next time after `visible.now` at which a page or banner appears or disappears.

        Also detect whether the clock is set back to a time before the last such change. For example, if a page went
        live at 9:00 and the clock is set back to 8:00, the page has to disappear again.
        """
        times = change_times(visible.library)
        self._last_change = max((time for time in times if time <= visible.now), default=None)
        self._next_change = min((time for time in times if time > visible.now), default=None)

    def has_changes(self) -> bool:
        """Return whether anything has changed since the last `clear`. Cheap to call between two polls."""
        if not self._has_changes and (now := monotonic()) >= self._next_poll:
            scan = self._scan()
            self._next_poll = now + max(POLL_SECONDS, REST_FACTOR * (monotonic() - now))
            self._has_changes = scan != self._last_scan or self._is_due() or current.has_due_saves()
            self._last_scan = scan
        return self._has_changes

    def _is_due(self) -> bool:
        now, last, following = clock.now(), self._last_change, self._next_change
        return (following is not None and now >= following) or (last is not None and now < last)

    def clear(self) -> None:
        """Forget the detected changes.

        Call this before reading the documents, so that a change during the reading is detected.
        """
        self._has_changes = False

    def _scan(self) -> int:
        return content_folder.stamp_hash(self._folder) if self._reload else 0
