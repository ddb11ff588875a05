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
    """Use the index at `path`, which the publisher process writes, and not one in memory."""
    global _index_path
    _index_path = path


def version(visible: VisiblePages) -> object:
    """Return a value that changes with the index. Comparing it takes no search."""
    if not _index_path:
        return _cached_index(visible.pages())
    return [_stamp(path) for path in (_index_path, _index_path.with_name(f"{_index_path.name}-wal"))]


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


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _cached_index(pages: list[Page]) -> Searcher:
    """Return an index of `pages`. Created again if the pages differ: after an edit, or when one is published."""
    global _current
    with _lock:
        if _current is None or len(pages) != len(_current[0]) or any(map(is_not, pages, _current[0])):
            _current = pages, Searcher(index.create_in_memory(pages))
        return _current[1]
