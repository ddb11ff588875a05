"""The current library of this process, cached."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import cast

from django.conf import settings

from .. import clock
from ..content import content_folder, library, settings_file, unfinished_pages, unfinished_saves
from ..content.content_folder import Stamp
from ..content.lazy_page import ReadAll
from ..content.library import Library
from ..content.problems import Problem
from ..content.site_settings import SiteSettings
from ..content.unfinished_saves import UnfinishedSaves
from . import snapshot, valid_settings
from .visible_pages import VisiblePages

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.05
LOG_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "notice": logging.INFO}

_lock = Lock()
_current: Library | None = None
_is_lazy = False
_read_all: ReadAll = map
_accessed: set[str] | None = None
_logged: frozenset[Problem] = frozenset()
_logged_library: Library | None = None
_saves: UnfinishedSaves | None = None
_snapshot: snapshot.SnapshotReader | None = None


def get_library() -> Library:
    """Return the library from the snapshot if `follow_snapshot` was called, else from settings.CONTENT_DIR.

    CONTENT_DIR is read once. But if CONTENT_RELOAD is set, every call checks CONTENT_DIR for changes. While a file is
    being saved, the call waits, so that the caller gets the saved file.
    """
    if _snapshot:
        return _snapshot.current()
    cached = _current
    return refresh(wait=True) if cached is None or settings.CONTENT_RELOAD else cached


def follow_snapshot(path: Path) -> None:
    """Read the library from the snapshot at `path`, which the publisher process writes, instead of from documents."""
    global _snapshot
    _snapshot = snapshot.SnapshotReader(path, settings.CONTENT_DIR, settings.MAX_DOCUMENT_BYTES)


def follows_snapshot() -> bool:
    """Return True if this process reads the library that the publisher process writes."""
    return _snapshot is not None


def is_ahead_of_publisher() -> bool:
    """Return True if documents changed while the site was stopped, and some of them aren't published again yet."""
    return _snapshot is not None and _snapshot.is_ahead()


def use_lazy_pages(initial: Library | None, read_all: ReadAll = map) -> None:
    """Keep only summaries of pages in memory (see `content.lazy_page`). Start with the library `initial`.

    `read_all` reads the changed documents. It works like `map`, and may use several processes.
    """
    global _current, _is_lazy, _logged, _logged_library, _read_all
    _current, _is_lazy, _logged_library, _read_all = initial, True, None, read_all
    # The problems of `initial` are in the log already, so the first `refresh` doesn't log them again. But it logs the
    # problems of TOML files again, because they affect all pages.
    _logged = frozenset(_problems_to_log(initial)) - _toml_problems(initial) if initial else frozenset()


def refresh(*, wait: bool = False) -> Library:
    """Read the documents that changed, and return the library. Logs each problem when it first occurs.

    While a file is being saved, keep its last version (see `content.unfinished_saves`). If `wait` is True, wait
    until no file is being saved, but not longer than 2 * HOLD_SECONDS.
    """
    global _current, _saves
    with _lock:
        stamps: Mapping[Path, Stamp] = content_folder.scan(settings.CONTENT_DIR)
        if _saves is None or _current is None:
            # The first call reads changed files at once. They changed while the site was stopped, so they are complete.
            _saves = UnfinishedSaves(settings.MAX_DOCUMENT_BYTES)
        else:
            latest = monotonic() + 2 * unfinished_saves.HOLD_SECONDS
            settled = _saves.settle(_current, stamps)
            while wait and _saves.has_pending and monotonic() < latest:
                sleep(POLL_SECONDS)
                settled = _saves.settle(_current, content_folder.scan(settings.CONTENT_DIR))
            stamps = settled
        if _current is None or stamps != _current.stamps:
            _current = library.load(
                settings.CONTENT_DIR,
                _current,
                stamps,
                _read_all,
                lazy=_is_lazy,
                max_document_bytes=settings.MAX_DOCUMENT_BYTES,
                read_last=valid_settings.read,
            )
            valid_settings.write(settings_file.SITE_FILE, _current.settings.text)
            valid_settings.write(settings_file.FACTS_FILE, _current.loaded_facts.text)
        # Log no problems while a save is pending. For example, if a document's file is renamed, the library has the
        # document under both file names for a moment, so two documents seem to have the same URL.
        if not _saves.has_pending:
            _log_new_problems(_current)
        return _current


def _log_new_problems(library: Library) -> None:
    global _logged, _logged_library
    if library is _logged_library:
        return
    problems, logged = _problems_to_log(library), _logged
    _logged, _logged_library = frozenset(problems), library
    for problem in problems:
        if problem not in logged:
            logger.log(LOG_LEVELS[problem.level], "%s", problem)


def has_due_saves() -> bool:
    """Return True if an unfinished file has stayed the same for HOLD_SECONDS. The next `refresh` then reads it."""
    return _saves is not None and _saves.is_due()


def site_settings() -> SiteSettings:
    """Return the site's settings without reading documents.

    If `site.toml` is missing or empty, or has errors, return the last valid settings. They contain the site's email
    address, which is the default address for leads.
    """
    if _snapshot:
        return _snapshot.current().site
    cached = _current
    if cached is not None:
        return cached.site
    return settings_file.read_site_settings(settings.CONTENT_DIR, valid_settings.read)


def _toml_problems(library: Library) -> frozenset[Problem]:
    return frozenset((*library.settings.problems, *library.loaded_facts.problems))


def _problems_to_log(library: Library) -> tuple[Problem, ...]:
    """Return the problems within the documents of live pages.

    In development, also return the problems of drafts, and problems between documents, such as broken links.
    """
    if settings.DEBUG:
        return library.all_problems
    return tuple(unfinished_pages.split_problems(library, library.problems, clock.now())[0])


def visible_pages() -> VisiblePages:
    """Return the pages that are visible now. In development, pages that aren't live are visible too."""
    return VisiblePages(get_library(), clock.now(), settings.DEBUG, _accessed)


def visible_pages_of(request: object) -> VisiblePages:
    """Return the visible pages for `request`. They stay the same for this request, even if the library changes."""
    attributes = vars(request)
    if "visible_pages" not in attributes:
        attributes["visible_pages"] = visible_pages()
    return cast(VisiblePages, attributes["visible_pages"])


def use_visible_pages(request: object, visible: VisiblePages) -> None:
    """Let `visible_pages_of` return `visible` for this request."""
    vars(request)["visible_pages"] = visible


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
    global _current, _logged, _logged_library, _saves
    with _lock:
        _current = _logged_library = _saves = None
        _logged = frozenset()
