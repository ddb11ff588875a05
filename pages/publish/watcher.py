"""The watcher: detects changed documents, and the times when a page goes live or a banner appears or ends.

It also detects when the site has waited long enough for a file to be saved (see `content.unfinished_saves`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from ..content import content_folder
from ..repository import current
from ..repository.visible_pages import VisiblePages

POLL_SECONDS = 0.15
REST_FACTOR = 3  # after a scan, pause for three times its duration, because scanning 10,000 documents takes a while


class Watcher:
    """Checks the clock repeatedly. If `reload` is True, also checks the documents in `folder`."""

    def __init__(self, folder: Path, *, reload: bool) -> None:
        self._folder = folder
        self._reload = reload
        self._last_scan = self._scan()
        self._next_poll = 0.0
        self._next_publication: datetime | None = None
        self._has_changes = False

    def start(self, visible: VisiblePages) -> None:
        """Watch for the first time after `visible.now` when a page goes live, or a banner appears or ends."""
        library = visible.library
        times = [time for page in library.pages.values() for time in page.meta.publication_times]
        times += library.site.banner.times if library.site.banner else ()
        self._next_publication = min((time for time in times if time > visible.now), default=None)

    def has_changes(self) -> bool:
        """Return whether anything has changed since the last `clear`. Cheap to call between two polls."""
        if not self._has_changes and (now := monotonic()) >= self._next_poll:
            scan = self._scan()
            self._next_poll = now + max(POLL_SECONDS, REST_FACTOR * (monotonic() - now))
            is_due = self._next_publication is not None and datetime.now(UTC) >= self._next_publication
            self._has_changes = scan != self._last_scan or is_due or current.has_due_saves()
            self._last_scan = scan
        return self._has_changes

    def clear(self) -> None:
        """Forget the detected changes.

        Call this before reading the documents, so that a change during the reading is detected.
        """
        self._has_changes = False

    def _scan(self) -> int:
        return content_folder.stamp_hash(self._folder) if self._reload else 0
