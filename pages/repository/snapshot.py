"""The snapshot: the whole library in one file. The publisher process writes it, and workers read it.

A worker therefore starts as fast with 10,000 documents as with ten, and holds only requested documents in memory. Until
the file exists, the worker reads documents itself: all of them if there are few, else only the requested ones.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from .. import atomic_files
from ..content import library
from ..content.document import Page
from ..content.library import Library

SMALL_LIBRARY = 100  # Reading this many documents takes one second.
CHUNK = 100  # Reading or writing a chunk of this many pages takes a few milliseconds.


class _Interrupted(Exception):
    pass


def write(path: Path, library: Library, should_interrupt: Callable[[], bool] = lambda: False) -> bool:
    """Replace the snapshot atomically. If `should_interrupt` returns True, keep the old one and return False."""
    try:
        with atomic_files.replace_file(path) as file:
            pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
            for chunk in _chunks(library):
                pickler.dump(chunk)
                if should_interrupt():
                    raise _Interrupted
    except _Interrupted:
        return False
    return True


def read(path: Path) -> Library | None:
    """Return the library, or None if the snapshot is missing or unreadable."""
    try:
        with path.open("rb") as file:
            # Unpickling this file is safe: an attacker who can write it can change the site anyway.
            unpickler = pickle.Unpickler(file)  # noqa: S301
            while not isinstance(chunk := unpickler.load(), dict):
                pass
    except (OSError, EOFError, ValueError, pickle.UnpicklingError, AttributeError, ImportError):
        return None
    frozen: dict[str, Any] = {
        name: MappingProxyType(value) if type(value) is dict else value for name, value in chunk.items()
    }
    return Library(**frozen)


def _chunks(library: Library) -> Iterator[object]:
    """Yield the chunks to pickle: lists of pages, then the library's fields, which refer to those pages.

    Pickling one chunk blocks the process, so chunks are small.
    """
    pages = list(library.documents.values())
    for start in range(0, len(pages), CHUNK):
        yield pages[start : start + CHUNK]
    values = {field.name: getattr(library, field.name) for field in fields(Library)}
    yield {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}


class SnapshotReader:
    """Reads the snapshot at `path`, and reads it again whenever it is replaced.

    Until it exists, reads the documents in `folder`.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._current: Library | None = None

    def current(self) -> Library:
        with self._lock:
            self._current = self._read_if_replaced() or self._current or load_provisional(self._folder)
            return self._current

    def _read_if_replaced(self) -> Library | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        stamp = stat.st_ino, stat.st_mtime_ns
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        return read(self._path)


def load_provisional(folder: Path) -> Library:
    """Return a library to use until the first snapshot is ready.

    A small library is complete. A large one reads a document only when the URL that matches its file path is requested.
    """
    stamps = library.scan(folder)
    if sum(path.suffix == ".md" for path in stamps) <= SMALL_LIBRARY:
        return library.load(folder, stamps=stamps, lazy=True)
    empty = library.load(folder, stamps={path: stamp for path, stamp in stamps.items() if path.suffix != ".md"})
    pages = OnDemandPages(empty, frozenset(stamps))
    return Library(folder, pages, {}, empty.site, empty.problems, stamps, {}, empty.pictures, is_complete=False)


class OnDemandPages(Mapping[str, Page]):
    """The pages of a folder, keyed by URL. Each page is read when it is first looked up.

    Iteration yields only the pages read so far. `empty` is the folder's library, but without documents.
    """

    def __init__(self, empty: Library, files: frozenset[Path]) -> None:
        self._read = partial(library.read_document, empty.folder, empty.site, empty.pictures)
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
        path = library.path_for_url(self._folder, url) or (self._folder / "index.md" if url == "/" else None)
        for file in (path, path.with_suffix("") / "index.md") if path else ():
            page = self._read(file)[0] if file in self._files else None
            if page and page.url == url:
                return page
        return None

    def __iter__(self) -> Iterator[str]:
        return (url for url, page in list(self._pages.items()) if page)

    def __len__(self) -> int:
        return sum(1 for _ in self)
