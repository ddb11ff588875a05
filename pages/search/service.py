"""The search service: searches the visible pages, with a cached index."""

from __future__ import annotations

from operator import is_not
from pathlib import Path
from threading import Lock

from ..content.document import Page
from ..repository.visible_pages import VisiblePages
from . import index
from .query import Results, Searcher

_lock = Lock()
_current: tuple[list[Page], Searcher] | None = None
_index_path: Path | None = None


def follow_index(path: Path) -> None:
    """Use the index at `path` instead of one in memory. The publisher process writes it."""
    global _index_path
    _index_path = path


def search(visible: VisiblePages, query: str, number: int) -> Results | None:
    """Return page `number` of the results for `query`, or None if there is no index yet."""
    if not _index_path:
        return _cached_index(visible.pages()).search(query, number)
    database = index.open_for_reading(_index_path)
    if database is None:
        return None
    try:
        return Searcher(database).search(query, number)
    finally:
        database.close()


def _cached_index(pages: list[Page]) -> Searcher:
    """Return an index of `pages`. It is created again when they change: after an edit, or when a page is published."""
    global _current
    with _lock:
        if _current is None or len(pages) != len(_current[0]) or any(map(is_not, pages, _current[0])):
            _current = pages, Searcher(index.create_in_memory(pages))
        return _current[1]
