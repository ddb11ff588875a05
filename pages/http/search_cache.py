"""A cache of search pages. Searching and rendering take ten times as long as all other work for a search request."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple

from django.http import HttpResponse

from ..content.library import Library

MAX_AGE = 60  # A stored page is served for this many seconds.
MAX_BYTES = 4 * 1024 * 1024  # Enough for about 130 stored pages.


class _Entry(NamedTuple):
    stored_at: float
    body: bytes
    policy: str  # the Content-Security-Policy


class SearchCache:
    """Stores search pages, keyed by cleaned query and page number.

    After an edit, all pages are dropped. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._library: Library | None = None
        self._index: object = None  # the version of the search index, and the banner
        self._entries: dict[tuple[str, int], _Entry] = {}
        self.bytes = 0

    def get(
        self, library: Library, index: object, query: str, number: int, render: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """Return the stored page. If there is none, return the response of `render`, and store it if its status is 200.

        `index` consists of the search index's version and the banner. If one of them changes, delete all stored pages.
        """
        key = query, number
        with self._lock:
            if not self._is_current(library, index):
                self._library, self._index, self._entries, self.bytes = library, index, {}, 0
            entry = self._entries.get(key)
        if entry and monotonic() - entry.stored_at < MAX_AGE:
            return HttpResponse(entry.body, headers={"Content-Security-Policy": entry.policy})
        response = render()
        if response.status_code == 200:
            self._put(library, index, key, response.content, response["Content-Security-Policy"])
        return response

    def _is_current(self, library: Library, index: object) -> bool:
        return library is self._library and index == self._index

    def _put(self, library: Library, index: object, key: tuple[str, int], body: bytes, policy: str) -> None:
        """Store a page. Then remove the oldest pages until all pages together have at most MAX_BYTES."""
        with self._lock:
            if not self._is_current(library, index):  # a document was edited in the meantime
                return
            self._remove(key)
            self._entries[key] = _Entry(monotonic(), body, policy)
            self.bytes += len(body)
            while self.bytes > MAX_BYTES:
                self._remove(next(iter(self._entries)))

    def _remove(self, key: tuple[str, int]) -> None:
        if entry := self._entries.pop(key, None):
            self.bytes -= len(entry.body)
