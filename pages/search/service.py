"""The search service: searches the visible pages, with a cached index."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from operator import is_not
from pathlib import Path
from threading import Lock

from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..repository.snapshot import SMALL_LIBRARY
from ..repository.visible_pages import VisiblePages
from . import index, index_digest
from .query import Results, Searcher

logger = logging.getLogger(__name__)

_lock = Lock()
_current: tuple[list[Page], Searcher] | None = None
_index_path: Path | None = None
_has_caught_up = False
_intact_path: Path | None = None  # The path of the last index that matched its digest, or None.
# The `_stamp` of the last digest file that didn't match the index, or None.
_refuted_digest: tuple[int, ...] | None = None
_has_failed = False  # True if the last search failed. Then the next failure isn't logged.


def follow_index(path: Path) -> None:
    """Make `search` use the index file at `path`, not an index in memory. The publisher process writes this file."""
    global _index_path
    _index_path = path


def version(visible: VisiblePages) -> object:
    """Return a value that changes whenever the index changes. This is quick, because it doesn't search the index."""
    return _stamp(_index_path) if _index_path else _cached_index(visible.searchable_pages())


def search(visible: VisiblePages, query: str, number: int) -> Results | None:
    """Return page `number` of the results for `query`, or None if there is no index yet, or only a damaged index.

    When the site starts, the index at `_index_path` may be missing, or may lack recent edits. Until this index is
    complete, a small library is searched with an index in memory.
    """
    global _has_failed
    if not _index_path:
        return _cached_index(visible.searchable_pages()).search(query, number)
    try:
        results = _search_file(_index_path, visible, query, number)
        _has_failed = False
        return results
    except DocumentRemoved:  # a document was removed while the index in memory was created
        return None
    except Exception as error:  # besides SQLite's errors, wrong values in a damaged index can cause any error
        if not _has_failed:
            logger.error(
                "the search index can't be read (%r): if the index is damaged, the publisher writes it again", error
            )
        _has_failed = True
        return None


def _search_file(path: Path, visible: VisiblePages, query: str, number: int) -> Results | None:
    database = index.open_for_reading(path) if _is_intact(path) else None
    if database is None:
        return (
            None if _is_up_to_date(None, visible) else _cached_index(visible.searchable_pages()).search(query, number)
        )
    with closing(database):
        if not _is_up_to_date(database, visible):
            return _cached_index(visible.searchable_pages()).search(query, number)
        return Searcher(database).search(query, number)


def _is_up_to_date(database: sqlite3.Connection | None, visible: VisiblePages) -> bool:
    """Return False if the index lacks a page, or still has a page that was removed.

    After the first True, don't check again. For a large or incomplete library, return True without a check.
    """
    global _has_caught_up, _current
    if _has_caught_up or not visible.library.is_complete or len(visible.library.pages) > SMALL_LIBRARY:
        return True
    if database is None or index.urls(database) != {page.url for page in visible.searchable_pages()}:
        return False
    _has_caught_up, _current = True, None
    return True


def _is_intact(path: Path) -> bool:
    """Return True if the index matches its digest.

    After the first match, return True without another check: from then on, the publisher detects any damage.
    """
    global _intact_path, _refuted_digest
    with _lock:
        if _intact_path != path:
            digest = _stamp(index_digest.path_of(path))
            if not digest:  # the publisher deletes the digest before it changes the index
                return _refuted_digest is None
            if digest == _refuted_digest:
                return False
            if index_digest.matches(path):
                _intact_path = path
            else:
                _refuted_digest = digest
                logger.error("the file %s doesn't match its digest: the publisher checks the search index", path)
        return _intact_path == path


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _cached_index(pages: list[Page]) -> Searcher:
    """Return an index of `pages`. Create a new index only if `pages` changed, by an edit or at a publication time."""
    global _current
    with _lock:
        if _current is None or len(pages) != len(_current[0]) or any(map(is_not, pages, _current[0])):
            _current = pages, Searcher(index.create_in_memory(pages))
        return _current[1]
