"""Read the documents that changed since the last check, in several processes."""

from __future__ import annotations

import gc
import os
import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ..content.content_folder import Stamp
from ..content.lazy_page import ReadPage, ReadResult
from .cached_page import CachedPage, Details, summarize
from .result_database import Result, ResultDatabase

# With fewer documents than this, one process is faster than several.
MIN_PARALLEL_DOCUMENTS = 100
# If a file was edited less than this many nanoseconds ago, its stamp isn't stored. Another edit could leave the stamp
# unchanged, because FAT counts time in steps of two seconds. Git has the same rule for its index
# (https://git-scm.com/docs/racy-git).
_MIN_AGE = 2_000_000_000
_BATCH = 200  # Store this many new results at a time. If the check is stopped, it loses at most this many.

LoadText = Callable[[Path], str | None]


class _Document(NamedTuple):
    """A document that may have changed. `text` is None if the document can't be read."""

    path: Path
    text: str | None

    @property
    def digest(self) -> str:
        return sha256((self.text or "").encode()).hexdigest()


class ReadCache:
    """Caches the results of reading documents. `folder` is the folder of the cache.

    A result is used again if everything that it depends on is unchanged: `version`, the arguments of `read`, and the
    document's path and text. If the document's stamp in `stamps` is the same, its text is unchanged. If the stamp is
    different, the text is read and compared.

    Pages from the cache have only the sections that are needed to compare documents with each other. If the process
    can't write to `folder`, it caches nothing.
    """

    def __init__(self, folder: Path, version: str, stamps: Mapping[Path, Stamp]) -> None:
        self._folder = folder
        self._version = version
        self._stamps = stamps

    def read_all(self, read: ReadPage, load: LoadText, paths: Iterable[Path]) -> Iterator[ReadResult]:
        """Yield the result of `read` for each path. Then delete the cached results that were not used.

        `load` returns a document's text, or None if the document can't be read. `read` must be picklable.
        """
        start = time.time_ns()
        name = sha256(self._version.encode() + pickle.dumps(read)).hexdigest()
        database = ResultDatabase(self._folder / name)
        stamps = {path: self._stamp(path, start) for path in paths}
        stored = {path: database.results[str(path)] for path in stamps if str(path) in database.results}
        changed = {
            path: _Document(path, load(path))
            for path, stamp in stamps.items()
            if path not in stored or not stamp or stored[path].stamp != stamp
        }
        same = [
            path
            for path, document in changed.items()
            if path in stored and document.text is not None and stored[path].digest == document.digest
        ]
        database.set_stamps((path, stamps[path]) for path in same)
        for path in same:
            del changed[path]
        new = _read_new(partial(_read, read), list(changed.values()))
        added: list[Result] = []
        for path, stamp in stamps.items():
            if document := changed.get(path):
                summary, details = next(new)
                text = document.text or ""
                yield _restore(summary, partial(str, text), partial(pickle.loads, details))
                # An unreadable document may become readable, so don't store its result.
                if document.text is not None:
                    added.append(Result(path, document.digest, stamp, summary, text.encode(), details))
            else:
                cached = _CachedParts(database, path, read, load)
                yield _restore(stored[path].summary, cached.text, cached.details)
            if len(added) == _BATCH:
                database.add(added)
                added.clear()
        database.add(added)
        database.delete(database.results.keys() - {str(path) for path in stamps})
        self._delete_except(name)

    def _stamp(self, path: Path, now: int) -> str:
        """Return a file's stamp as text. If the file changed shortly before `now` (see _MIN_AGE), return ""."""
        stamp = self._stamps[path]
        is_old = max(stamp.modified, stamp.changed) < now - _MIN_AGE
        return f"{stamp.modified} {stamp.size} {stamp.changed}" if is_old else ""

    def _delete_except(self, name: str) -> None:
        """Delete the files whose names don't begin with `name`. They are from earlier settings or releases."""
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                if not entry.name.startswith(name):
                    os.unlink(entry)


class _CachedParts(NamedTuple):
    """Loads the text and the details of a document from the database, or reads the document if that fails."""

    database: ResultDatabase
    path: Path
    read: ReadPage
    load: LoadText

    def text(self) -> str:
        try:
            return self.database.load(self.path, "text").decode()
        except LookupError:
            return self.load(self.path) or ""

    def details(self) -> Details:
        try:
            details: Details = pickle.loads(self.database.load(self.path, "details"))  # noqa: S301
        except LookupError:
            page, _ = self.read(self.path)
            details = summarize(page)[1] if page else ((), "")
        return details


def _read_new(
    read: Callable[[_Document], tuple[bytes, bytes]], documents: list[_Document]
) -> Iterator[tuple[bytes, bytes]]:
    if len(documents) < MIN_PARALLEL_DOCUMENTS:
        yield from map(read, documents)
        return
    with ProcessPoolExecutor(os.cpu_count(), initializer=gc.disable) as pool:
        yield from pool.map(read, documents, chunksize=20)


def _read(read: ReadPage, document: _Document) -> tuple[bytes, bytes]:
    """Read a document. Return two pickles: the page's summary with the problems, and the page's details."""
    page, problems = read(document.path, text=document.text)
    summary, details = summarize(page) if page else (None, ((), ""))
    return pickle.dumps((summary, problems), pickle.HIGHEST_PROTOCOL), pickle.dumps(details, pickle.HIGHEST_PROTOCOL)


def _restore(result: bytes, load_text: Callable[[], str], load_details: Callable[[], Details]) -> ReadResult:
    # Unpickling the cache is safe: an attacker who can write to its folder can change the site anyway.
    summary, problems = pickle.loads(result)  # noqa: S301
    return (CachedPage(summary, load_text, load_details) if summary else None), problems
