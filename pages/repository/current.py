"""The current library: the one cache of what stands in settings.CONTENT_DIR."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from django.conf import settings

from ..content import library
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
    """The library. Read once, or with CONTENT_RELOAD looked at again on every call; or that of the file that `follow`
    named."""
    if _snapshot:
        return _snapshot.current()
    known = _current
    return refresh() if known is None or settings.CONTENT_RELOAD else known


def follow_snapshot(path: Path) -> None:
    """From now on another process reads the documents, and writes what they hold to `path`."""
    global _snapshot
    _snapshot = snapshot.SnapshotReader(path, settings.CONTENT_DIR)


def start_from(known: Library | None) -> None:
    """From now on in little room (see `content.shelf`), with what is `known` from before."""
    global _current, _is_lazy
    _current, _is_lazy = known, True


def refresh() -> Library:
    """The library as the documents are now; only what changed is read anew. What is wrong with documents is logged when
    it is first seen."""
    global _current
    with _lock:
        stamps = library.scan(settings.CONTENT_DIR)
        if _current is None or stamps != _current.stamps:
            before = set(_logged_problems(_current)) if _current else set()
            _current = library.load(settings.CONTENT_DIR, _current, stamps, shelves=_is_lazy)
            for problem in _logged_problems(_current):
                if problem not in before:
                    logger.log(logging.ERROR if problem.level == "error" else logging.WARNING, "%s", problem)
        return _current


def site_settings() -> SiteSettings:
    """The site's settings alone; reads no documents for them."""
    known = _current
    return known.site if known is not None else library.read_site_settings(settings.CONTENT_DIR)


def _logged_problems(found: Library) -> tuple[Problem, ...]:
    """What the log says of a library: to one who works on it, what is wrong between documents too."""
    return found.all_problems if settings.DEBUG else found.problems


def visible_pages() -> VisiblePages:
    """What may be seen at this moment; in development, drafts too."""
    return VisiblePages(get_library(), datetime.now(UTC), settings.DEBUG, _accessed)


@contextmanager
def record_accesses() -> Iterator[set[str]]:
    """Gathers what all that is answered meanwhile takes from the library. For a process of one thread."""
    global _accessed
    _accessed = set()
    try:
        yield _accessed
    finally:
        _accessed = None


def reset() -> None:
    """Read everything anew on the next call."""
    global _current
    with _lock:
        _current = None
