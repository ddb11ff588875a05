"""The library as a file: one process reads the documents and writes it, others follow it.

So a worker holds no document that nobody asks for, and starts as fast with ten thousand as with ten. Until there is a
file, it reads a few documents itself, or of many those that are asked for.
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

SMALL_LIBRARY = 100  # documents, which are read in a second
CHUNK = 100  # pages, which are written or taken up in a few milliseconds


class _Interrupted(Exception):
    """Something else has to be done first."""


def write(path: Path, found: Library, interrupts: Callable[[], bool] = lambda: False) -> bool:
    """Others see all of it or none. It is as trustworthy as the code: who can write there can change that too. Whether
    it was written: not where `interrupts`, asked between two parts, says that something else has to be done first."""
    try:
        with atomic_files.replace_file(path) as file:
            pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
            for part in _chunks(found):
                pickler.dump(part)
                if interrupts():
                    raise _Interrupted
    except _Interrupted:
        return False
    return True


def read(path: Path) -> Library | None:
    """None where there is none that can be read."""
    try:
        with path.open("rb") as file:
            unpickler = pickle.Unpickler(file)  # noqa: S301
            while not isinstance(part := unpickler.load(), dict):
                pass
    except (OSError, EOFError, ValueError, pickle.UnpicklingError, AttributeError, ImportError):
        return None
    frozen: dict[str, Any] = {
        name: MappingProxyType(value) if type(value) is dict else value for name, value in part.items()
    }
    return Library(**frozen)


def _chunks(found: Library) -> Iterator[object]:
    """First the pages, some at a time: a process that reads or writes a part does nothing else meanwhile. Then the
    library, for which the pages are known."""
    pages = list(found.documents.values())
    for start in range(0, len(pages), CHUNK):
        yield pages[start : start + CHUNK]
    values = {field.name: getattr(found, field.name) for field in fields(Library)}
    yield {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}


class SnapshotReader:
    """The library of the documents in `folder` as the file at `path` has it."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._current: Library | None = None

    def current(self) -> Library:
        with self._lock:
            self._current = self._newest() or self._current or load_provisional(self._folder)
            return self._current

    def _newest(self) -> Library | None:
        """None where there is nothing new."""
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
    """All of a few documents; of many, those that somebody asks for by the address at which their place puts them."""
    stamps = library.scan(folder)
    if sum(path.suffix == ".md" for path in stamps) <= SMALL_LIBRARY:
        return library.load(folder, stamps=stamps, shelves=True)
    without = library.load(folder, stamps={path: stamp for path, stamp in stamps.items() if path.suffix != ".md"})
    pages = OnDemandPages(without, frozenset(stamps))
    return Library(folder, pages, {}, without.site, without.problems, stamps, {}, without.pictures, is_whole=False)


class OnDemandPages(Mapping[str, Page]):
    """The pages of a folder by URL, each read when it is first asked for; those that were are what there is."""

    def __init__(self, without: Library, files: frozenset[Path]) -> None:
        self._read = partial(library.read_document, without.folder, without.site, without.pictures)
        self._folder = without.folder
        self._files = files
        self._pages: dict[str, Page | None] = {}

    def __getitem__(self, url: str) -> Page:
        if url not in self._pages:
            self._pages[url] = self._at(url)
        page = self._pages[url]
        if page is None:
            raise KeyError(url)
        return page

    def _at(self, url: str) -> Page | None:
        place = library.path_for_url(self._folder, url) or (self._folder / "index.md" if url == "/" else None)
        for file in (place, place.with_suffix("") / "index.md") if place else ():
            page = self._read(file)[0] if file in self._files else None
            if page and page.url == url:
                return page
        return None

    def __iter__(self) -> Iterator[str]:
        return (url for url, page in list(self._pages.items()) if page)

    def __len__(self) -> int:
        return sum(1 for _ in self)
