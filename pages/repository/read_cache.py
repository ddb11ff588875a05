"""Read the documents that changed since the last check, in several processes."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from .. import sealed_files
from ..content.lazy_page import ReadPage, ReadResult
from ..content.problems import Source
from ..content.sections.dimensions import Dimensions
from ..content.sections.hub import Hub
from ..content.sections.questions import Questions
from ..content.sections.report import Report

# With fewer documents than this, one process is faster than several.
MIN_PARALLEL_DOCUMENTS = 100
# The cache keeps only these sections, because checks that compare several documents need them.
_CHECKED_SECTIONS = (Dimensions, Hub, Questions, Report)


class _Document(NamedTuple):
    """A document. `text` is None if the document can't be read. `cached` is the file of its cached result."""

    path: Path
    text: str | None
    cached: Path


class ReadCache:
    """Caches the results of reading documents. `folder` has a file for each result.

    A file's name is a hash of everything that the result depends on: `version`, the arguments of `read`, and the
    document's path and text. A damaged file counts as missing. If the process can't write to `folder`, it caches
    nothing. Pages from the cache have only the sections that checks of several documents need.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder
        self._version = version

    def read_all(
        self, read: ReadPage, load: Callable[[Path], str | None], paths: Iterable[Path]
    ) -> Iterator[ReadResult]:
        """Yield the result of `read` for each path. Then delete the cached results that were not used.

        `load` returns a document's text, or None if the document can't be read. `read` must be picklable.
        """
        inputs = sha256(self._version.encode() + pickle.dumps(read)).hexdigest()
        documents = [self._document(inputs, path, load(path)) for path in paths]
        results = [_cached_result(document) for document in documents]
        missing = [document for document, result in zip(documents, results, strict=True) if result is None]
        new = _read_new(partial(_read, read), missing)
        for document, result in zip(documents, results, strict=True):
            yield result or _restore(next(new), document)
        self._delete_except({document.cached.name for document in documents})

    def _document(self, inputs: str, path: Path, text: str | None) -> _Document:
        # No path contains a null character.
        name = sha256(f"{inputs}{path}\0{text}".encode(errors="surrogateescape")).hexdigest()
        return _Document(path, text, self._folder / name)

    def _delete_except(self, names: set[str]) -> None:
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                if entry.name not in names:
                    os.unlink(entry)


def _cached_result(document: _Document) -> ReadResult | None:
    if document.text is None:
        return None
    try:
        return _restore(sealed_files.read(document.cached), document)
    except (OSError, sealed_files.Damaged):
        return None


def _read_new(read: Callable[[_Document], bytes], documents: list[_Document]) -> Iterator[bytes]:
    if len(documents) < MIN_PARALLEL_DOCUMENTS:
        yield from map(read, documents)
        return
    with ProcessPoolExecutor(os.cpu_count(), initializer=gc.disable) as pool:
        yield from pool.map(read, documents, chunksize=20)


def _read(read: ReadPage, document: _Document) -> bytes:
    """Read a document, cache the result, and return it as `_restore` expects it.

    Leave out the document's text and most sections, because sending them between processes is slow.
    """
    page, problems = read(document.path, text=document.text)
    if page:
        sections = tuple(section for section in page.sections if isinstance(section, _CHECKED_SECTIONS))
        page = replace(page, source=Source(page.path, ""), sections=sections)
    result = pickle.dumps((page, problems), pickle.HIGHEST_PROTOCOL)
    # Don't cache an unreadable document, because it may become readable while `text` stays None.
    if document.text is not None:
        with suppress(OSError), sealed_files.replace(document.cached, durable=False) as file:
            file.write(result)
    return result


def _restore(result: bytes, document: _Document) -> ReadResult:
    # Unpickling the cache is safe: an attacker who can write to its folder can change the site anyway.
    page, problems = pickle.loads(result)  # noqa: S301
    if page and document.text is not None:
        page = replace(page, source=Source(page.path, document.text))
    return page, problems
