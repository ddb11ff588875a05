"""The search service: searches the visible pages, with a cached index."""

from __future__ import annotations

import sqlite3
from operator import is_not
from pathlib import Path
from threading import Lock

from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..repository.snapshot import SMALL_LIBRARY
from ..repository.visible_pages import VisiblePages
from . import index
from .query import Results, Searcher

_lock = Lock()
_current: tuple[list[Page], Searcher] | None = None
_index_path: Path | None = None
_has_caught_up = False


def follow_index(path: Path) -> None:
    """Use the index at `path`, which the publisher process writes, instead of one in memory."""
    global _index_path
    _index_path = path


def version(visible: VisiblePages) -> object:
    """Return a value that changes with the index. Comparing it takes no search."""
    if not _index_path:
        return _cached_index(visible.pages())
    return [_stamp(path) for path in (_index_path, _index_path.with_name(f"{_index_path.name}-wal"))]


def search(visible: VisiblePages, query: str, number: int) -> Results | None:
    """Return page `number` of the results for `query`, or None if there is no index yet.

    After a start, the index at `_index_path` may be missing or from the site's last run. If there are few pages, they
    are searched with an index in memory until it is complete.
    """
    if not _index_path:
        return _cached_index(visible.pages()).search(query, number)
    database = index.open_for_reading(_index_path)
    try:
        if not _is_up_to_date(database, visible):
            return _cached_index(visible.pages()).search(query, number)
        return Searcher(database).search(query, number) if database else None
    except DocumentRemoved:  # while the index in memory was created
        return None
    finally:
        if database:
            database.close()


def _is_up_to_date(database: sqlite3.Connection | None, visible: VisiblePages) -> bool:
    """Return False if the index lacks a page or has one too many. Only checked after a start and for few pages."""
    global _has_caught_up, _current
    if _has_caught_up or not visible.library.is_complete or len(visible.library.pages) > SMALL_LIBRARY:
        return True
    if database is None or index.urls(database) != {page.url for page in visible.pages()}:
        return False
    _has_caught_up, _current = True, None
    return True


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _cached_index(pages: list[Page]) -> Searcher:
    """Return an index of `pages`. It is created again when they change: after an edit, or when a page is published."""
    global _current
    with _lock:
        if _current is None or len(pages) != len(_current[0]) or any(map(is_not, pages, _current[0])):
            _current = pages, Searcher(index.create_in_memory(pages))
        return _current[1]
