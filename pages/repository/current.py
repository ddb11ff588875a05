"""The current library of this process, cached."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import cast

from django.conf import settings

from ..content import content_folder, library
from ..content.library import Library
from ..content.problems import Problem
from ..content.site_settings import SiteSettings
from . import snapshot
from .visible_pages import VisiblePages

logger = logging.getLogger(__name__)

_lock = Lock()
_current: Library | None = None
_is_lazy = False
_accessed: set[str] | None = None
_snapshot: snapshot.SnapshotReader | None = None


def get_library() -> Library:
    """Return the library from the snapshot if `follow_snapshot` was called, else from settings.CONTENT_DIR.

    CONTENT_DIR is read once. But if CONTENT_RELOAD is set, every call checks CONTENT_DIR for changes.
    """
    if _snapshot:
        return _snapshot.current()
    cached = _current
    return refresh() if cached is None or settings.CONTENT_RELOAD else cached


def follow_snapshot(path: Path) -> None:
    """Read the library from the snapshot at `path`, which the publisher process writes, instead of from documents."""
    global _snapshot
    _snapshot = snapshot.SnapshotReader(path, settings.CONTENT_DIR, settings.MAX_DOCUMENT_BYTES)


def is_ahead_of_publisher() -> bool:
    """Return True after a start, until the publisher has published all documents that changed before the start."""
    return _snapshot is not None and _snapshot.is_ahead()


def use_lazy_pages(initial: Library | None) -> None:
    """Keep only summaries of pages in memory (see `content.lazy_page`). Start with the library `initial`."""
    global _current, _is_lazy
    _current, _is_lazy = initial, True


def refresh() -> Library:
    """Read the documents that changed, and return the library. Logs each problem when it first occurs."""
    global _current
    with _lock:
        stamps = content_folder.scan(settings.CONTENT_DIR)
        if _current is None or stamps != _current.stamps:
            logged = set(_problems_to_log(_current)) if _current else set()
            limit = settings.MAX_DOCUMENT_BYTES
            _current = library.load(settings.CONTENT_DIR, _current, stamps, lazy=_is_lazy, max_document_bytes=limit)
            for problem in _problems_to_log(_current):
                if problem not in logged:
                    logger.log(logging.ERROR if problem.level == "error" else logging.WARNING, "%s", problem)
        return _current


def site_settings() -> SiteSettings:
    """Return the site's settings without reading documents."""
    cached = _current
    return cached.site if cached is not None else library.read_site_settings(settings.CONTENT_DIR)


def _problems_to_log(library: Library) -> tuple[Problem, ...]:
    """Return the problems within documents. In development, add problems between documents, such as broken links."""
    return library.all_problems if settings.DEBUG else library.problems


def visible_pages() -> VisiblePages:
    """Return the pages that are visible now. In development, drafts are visible too."""
    return VisiblePages(get_library(), datetime.now(UTC), settings.DEBUG, _accessed)


def visible_pages_of(request: object) -> VisiblePages:
    """Return the pages that `request` sees. These pages stay the same for this request, even if the library changes."""
    attributes = vars(request)
    if "visible_pages" not in attributes:
        attributes["visible_pages"] = visible_pages()
    return cast(VisiblePages, attributes["visible_pages"])


@contextmanager
def record_accesses() -> Iterator[set[str]]:
    """Record which keys `VisiblePages` looks up during the `with` block. Only for a single-threaded process."""
    global _accessed
    _accessed = set()
    try:
        yield _accessed
    finally:
        _accessed = None


def reset() -> None:
    """Drop the cached library."""
    global _current
    with _lock:
        _current = None
