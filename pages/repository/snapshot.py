"""The snapshot: the whole library in one file. The publisher process writes the snapshot, and workers read it.

A worker therefore starts as fast with 10,000 documents as with ten, and holds only requested documents in memory. Until
the file exists, the worker reads documents itself: all documents if there are few, else only the requested documents.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import IO, Any

from .. import sealed_files
from ..content import content_folder, library, page_paths
from ..content.content_folder import document_paths
from ..content.document import Page
from ..content.document_reader import MAX_DOCUMENT_BYTES, read_document
from ..content.lazy_page import ReadResult
from ..content.library import Library
from . import valid_settings

logger = logging.getLogger(__name__)

SMALL_LIBRARY = 100  # At its start, a process reads at most this many documents. Reading them takes one second.
CHUNK = 100  # Read or write this many pages of the site at a time, which takes a few milliseconds.


class _Interrupted(Exception):
    pass


def write(path: Path, library: Library, should_interrupt: Callable[[], bool] = lambda: False) -> bool:
    """Replace the snapshot atomically. If `should_interrupt` returns True, keep the old snapshot and return False."""
    try:
        with sealed_files.replace(path) as file:
            pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
            for chunk in _chunks(library):
                pickler.dump(chunk)
                if should_interrupt():
                    raise _Interrupted
    except _Interrupted:
        return False
    return True


def read(path: Path) -> Library | None:
    """Return the library, or None if the snapshot is missing or damaged."""
    try:
        with path.open("rb") as file:
            return _read(file)
    except OSError:
        return None


def _read(file: IO[bytes]) -> Library | None:
    """Return the library in the open snapshot, or None if the snapshot is damaged. Raises OSError."""
    try:
        sealed_files.check(file)
        # Unpickling this file is safe: an attacker who can write it can change the site anyway.
        unpickler = pickle.Unpickler(file)  # noqa: S301
        while not isinstance(chunk := unpickler.load(), dict):
            pass
    except sealed_files.Damaged:
        logger.error("the file %s is damaged: the publisher writes it again", file.name)
        return None
    frozen: dict[str, Any] = {
        name: MappingProxyType(value) if type(value) is dict else value for name, value in chunk.items()
    }
    return Library(**frozen)


def _chunks(library: Library) -> Iterator[object]:
    """Yield a library in chunks: lists of pages, then the library's fields, which refer to those pages.

    Pickling a chunk blocks the process, so chunks are small.
    """
    pages = list(library.documents.values())
    for start in range(0, len(pages), CHUNK):
        yield pages[start : start + CHUNK]
    values = {field.name: getattr(library, field.name) for field in fields(Library)}
    yield {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}


class SnapshotReader:
    """Reads the snapshot at `path`, and reads it again whenever it is replaced.

    Until the snapshot exists, reads the documents in `folder`. If the snapshot is from the site's previous run, reads
    the documents that have changed since then.
    """

    def __init__(self, path: Path, folder: Path, max_document_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        self._path = path
        self._folder = folder
        self._max_document_bytes = max_document_bytes
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._current: Library | None = None
        self._is_ahead = False  # True until the publisher has published the documents that this process started with

    def is_ahead(self) -> bool:
        """Return True if the documents differ from the pages that the site's previous run published."""
        self.current()
        return self._is_ahead

    def current(self) -> Library:
        with self._lock:
            replaced = self._read_if_replaced()
            if self._current is None:
                self._current = load_at_start(replaced, self._folder, self._max_document_bytes)
                is_same = replaced is not None and self._current.has_same_pages(replaced)
                self._is_ahead = not (is_same and self._current.is_complete)
            elif replaced:
                self._current, self._is_ahead = replaced, False
            return self._current

    def _read_if_replaced(self) -> Library | None:
        try:
            stat = self._path.stat()
            stamp = stat.st_ino, stat.st_mtime_ns
            if stamp == self._stamp:
                return None
            with self._path.open("rb") as file:
                library = _read(file)
        except OSError:  # no snapshot, or too many open files: the next call tries again
            return None
        self._stamp = stamp
        return library


def load_at_start(previous: Library | None, folder: Path, max_document_bytes: int = MAX_DOCUMENT_BYTES) -> Library:
    """Return a library for the time until the publisher has written a snapshot.

    `previous` is the library of the previous run, if there is one. The returned library is complete if there are few
    documents, or if few documents changed since the previous run. Otherwise, the library has the pages of the previous
    run. Without a previous run, a document is read only when a visitor requests the URL that matches its file path.
    """
    stamps = content_folder.scan(folder)
    if previous and previous.stamps == stamps:
        return previous
    try:
        return library.load(
            folder,
            previous,
            stamps,
            _read_few,
            lazy=True,
            max_document_bytes=max_document_bytes,
            read_last=valid_settings.read,
        )
    except _TooManyChanges:
        pass
    if previous:
        return replace(previous, is_complete=False)
    files = {path: stamp for path, stamp in stamps.items() if path.suffix != ".md"}
    empty = library.load(folder, stamps=files, read_last=valid_settings.read)
    pages = OnDemandPages(empty, frozenset(document_paths(folder, stamps)), max_document_bytes)
    return replace(empty, pages=pages, aliases={}, stamps=stamps, documents={}, is_complete=False)


class _TooManyChanges(Exception):
    pass


def _read_few(read: Callable[[Path], ReadResult], paths: Iterable[Path]) -> Iterable[ReadResult]:
    """Call `read` for each path. Raise _TooManyChanges if there are more than SMALL_LIBRARY paths."""
    paths = list(paths)
    if len(paths) > SMALL_LIBRARY:
        raise _TooManyChanges
    return map(read, paths)


class OnDemandPages(Mapping[str, Page]):
    """The pages of a folder, keyed by URL. Each page is read when it is first looked up.

    Iteration yields only the pages read so far. `empty` is the folder's library, but without documents.
    """

    def __init__(self, empty: Library, files: frozenset[Path], max_bytes: int) -> None:
        self._read = partial(read_document, empty.folder, empty.site, empty.pictures, max_bytes=max_bytes)
        self._folder = empty.folder
        self._files = files
        self._pages: dict[str, Page | None] = {}

    def __getitem__(self, url: str) -> Page:
        if url not in self._pages:
            self._pages[url] = self._find(url)
        page = self._pages[url]
        if page is None:
            raise KeyError(url)
        return page

    def _find(self, url: str) -> Page | None:
        path = page_paths.path_for_url(self._folder, url) or (self._folder / "index.md" if url == "/" else None)
        for file in (path, path.with_suffix("") / "index.md") if path else ():
            page = self._read(file)[0] if file in self._files else None
            if page and page.url == url:
                return page
        return None

    def __iter__(self) -> Iterator[str]:
        return (url for url, page in list(self._pages.items()) if page)

    def __len__(self) -> int:
        return sum(1 for _ in self)
