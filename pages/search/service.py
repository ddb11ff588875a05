"""The search over what is published at this moment: the one cache of its index."""

from __future__ import annotations

from operator import is_not
from pathlib import Path
from threading import Lock

from ..content.document import Page
from ..repository.visible_pages import VisiblePages
from . import index
from .query import Index, Results

_lock = Lock()
_current: tuple[list[Page], Index] | None = None
_index_path: Path | None = None


def follow_index(path: Path) -> None:
    """From now on another process keeps the index, at `path`."""
    global _index_path
    _index_path = path


def search(found: VisiblePages, query: str, number: int) -> Results | None:
    """Page `number` of what `query` finds among the visible pages; None while there is no index yet."""
    if not _index_path:
        return _index(found.pages()).search(query, number)
    database = index.open_for_reading(_index_path)
    if database is None:
        return None
    try:
        return Index(database).search(query, number)
    finally:
        database.close()


def _index(pages: list[Page]) -> Index:
    """The index of `pages`. Made when it is first asked for, and anew when the pages are others: because a document
    changed, or because the time of one has come."""
    global _current
    with _lock:
        if _current is None or len(pages) != len(_current[0]) or any(map(is_not, pages, _current[0])):
            _current = pages, Index(index.create_in_memory(pages))
        return _current[1]
