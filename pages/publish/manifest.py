"""The manifest: a file with every published path, its response headers and a reference to its body.

One process writes the manifest, and workers read each change.

There are three kinds of lines. A line sets the entry of one path, removes that entry, or numbers a set of headers.
Entries refer to their headers by this number. A later line for the same path overrides an earlier one. An edit
therefore appends a few short lines, and readers read only these lines. When a writer starts, it replaces the file with
one that has no overridden lines.

Each line starts with a digest of this line and of all lines before it. Readers therefore notice a line that is damaged,
missing or in the wrong place. The readers then keep the entries that they have, and the writer replaces the file.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from errno import ENOSPC
from hashlib import blake2b
from io import FileIO
from pathlib import Path
from time import monotonic
from typing import Any

from .. import atomic_files
from ..http.caching import digest
from ..http.negotiation import IDENTITY
from ..media import artifact_store
from .compression import compress
from .file_watch import FileWatch

logger = logging.getLogger(__name__)

Headers = tuple[tuple[str, str], ...]

POLL_SECONDS = 0.2
DIGEST_BYTES = 8


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """The stored response of a path.

    `digest` is the hash of the body, and `sizes` gives the body's length in bytes for each coding. `headers` are the
    headers that all codings share. `parameters` are the names of the query parameters that the response depends on. The
    entry applies only to requests without them.
    """

    digest: str
    sizes: Mapping[str, int]
    headers: Headers
    parameters: tuple[str, ...]

    def body(self, coding: str) -> bytes | None:
        """Return the stored body, or None if its file is missing or damaged."""
        return artifact_store.read(body_key(self.digest, coding))

    def is_stored(self) -> bool:
        """Return True if the bodies of all codings can be read."""
        return all(self.body(coding) is not None for coding in self.sizes)


def body_key(digest: str, coding: str) -> str:
    """Return a body's key in the artifact store. A key has no file extension, so visitors can't request the body."""
    return f"/pages/{digest[:2]}/{digest}-{coding}"


def has_ranges(headers: Headers) -> bool:
    """Return whether clients may request a part of the body (RFC 9110, 14.3)."""
    return ("accept-ranges", "bytes") in headers


def _store_body(body_digest: str, body: bytes, headers: Headers) -> dict[str, int]:
    """Store `body` as it is, and in each coding that makes it smaller. Return the size in bytes for each coding.

    If clients may request a part of the body, compress the body only if it is text, because other files are compressed
    already.
    """
    is_text = dict(headers).get("content-type", "").startswith("text/")
    compressed = compress(body) if is_text or not has_ranges(headers) else {IDENTITY: body}
    for coding, data in compressed.items():
        artifact_store.write(body_key(body_digest, coding), data)
    return {coding: len(data) for coding, data in compressed.items()}


class ManifestReader:
    """Follows the manifest at `path`, at most POLL_SECONDS behind.

    There are no entries until the file exists and `is_outdated` first returns False. If the file is damaged when it is
    first read, there are no entries either. If the file is damaged later, the earlier entries stay.
    """

    def __init__(self, path: Path, is_outdated: Callable[[], bool] = lambda: False) -> None:
        self.entries: dict[str, Entry] = {}
        self.is_damaged = False
        self._path = path
        self._is_outdated = is_outdated
        self._file: FileIO | None = None
        self._partial_line = self._digest = b""
        self._headers: dict[int, Headers] = {}
        self._next_poll = 0.0

    def get(self, path: str) -> Entry | None:
        if (now := monotonic()) >= self._next_poll:
            self.refresh()
            self._next_poll = now + POLL_SECONDS
        return self.entries.get(path)

    def close(self) -> None:
        if self._file:
            self._file.close()

    def refresh(self) -> None:
        """Read new lines, or the whole file if it was replaced."""
        if self._file is None and self._is_outdated():
            return
        # The file stays open, so that the system can't reuse its inode number for a new file.
        try:
            stat = self._path.stat()
            is_new = self._file is None or os.fstat(self._file.fileno()).st_ino != stat.st_ino
            if is_new:
                file = FileIO(self._path)
                self.close()
                self._file, self._partial_line, self._digest, self._headers = file, b"", b"", {}
                self.entries, self.is_damaged = {}, False
        except OSError:
            return
        if self._file is None or self.is_damaged or self._file.tell() == stat.st_size:
            return
        try:
            self._read_lines(self._file, stat.st_size)
        except (ValueError, LookupError, TypeError):
            logger.error("the file %s is damaged: the publisher writes it again", self._path)
            self.is_damaged = True
            if is_new:
                self.entries = {}

    def _read_lines(self, file: FileIO, size: int) -> None:
        """Read the lines after the current position. Raises ValueError, LookupError or TypeError for a damaged line."""
        if file.tell() > size:
            raise ValueError("truncated")
        *lines, self._partial_line = (self._partial_line + file.readall()).split(b"\n")
        if b"\0" in self._partial_line:
            raise ValueError("overwritten")
        for line in lines:
            digest, _, value = line.partition(b" ")
            self._digest = _chained_digest(self._digest, value)
            if digest != self._digest:
                raise ValueError("wrong digest")
            self._apply(json.loads(value))

    def _apply(self, line: list[Any]) -> None:
        match line:
            case ["headers", number, headers]:
                self._headers[number] = tuple((name, value) for name, value in headers)
            case ["entry", path, digest, sizes, number, parameters]:
                self.entries[path] = Entry(digest, sizes, self._headers[number], tuple(parameters))
            case ["removed", path]:
                self.entries.pop(path, None)


class ManifestWriter:
    """The only writer of the manifest at `path`. Starts with the entries of the existing file, unless it is damaged.

    After `put` or `remove` raises OSError, the writer must not be used again: the last line may be incomplete, and
    appending to it would corrupt the file.
    """

    def __init__(self, path: Path) -> None:
        with closing(ManifestReader(path)) as existing:
            existing.refresh()
        self.entries = existing.entries
        self._path = path
        self._watch = FileWatch(path)
        self._replace()

    def _replace(self) -> None:
        """Replace the file with one that has only the current entries."""
        self._digest = b""
        self._numbers: dict[Headers, int] = {}
        with atomic_files.replace_file(self._path) as file:
            for path, entry in self.entries.items():
                file.write(b"".join(self._lines(path, entry)))
        self._file = self._path.open("ab", buffering=0)
        self._watch.accept()

    def is_intact(self) -> bool:
        """Return True if no other program has changed the file."""
        return not self._watch.is_changed()

    def repair(self) -> None:
        """If another program has changed the file, write it again with this writer's entries."""
        if not self.is_intact():
            logger.error("the file %s was changed by another program: it is written again", self._path)
            self.close()
            self._replace()

    def close(self) -> None:
        self._file.close()

    def store(self, path: str, body: bytes, headers: Headers, parameters: tuple[str, ...] = ()) -> None:
        """Store a response, and set the entry of its path. Do nothing if the same response is stored already."""
        body_digest, existing = digest(body), self.entries.get(path)
        if "vary" not in dict(headers):  # without Vary, a cache could send a coding that the client doesn't accept
            headers = (*headers, ("vary", "Accept-Encoding"))
        values = (body_digest, headers, parameters)
        is_same = existing and (existing.digest, existing.headers, existing.parameters) == values
        if not existing or not is_same or not existing.is_stored():
            self.put(path, Entry(body_digest, _store_body(body_digest, body, headers), headers, parameters))

    def put(self, path: str, entry: Entry) -> None:
        self.repair()
        self._write(b"".join(self._lines(path, entry)))

    def remove(self, path: str) -> None:
        self.repair()
        del self.entries[path]
        self._write(self._line(["removed", path]))

    def _write(self, data: bytes) -> None:
        if self._file.write(data) != len(data):  # on a disk that just filled up, write() stops early without an error
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        self._watch.accept()

    def _lines(self, path: str, entry: Entry) -> Iterator[bytes]:
        number = self._numbers.get(entry.headers)
        if number is None:
            number = self._numbers[entry.headers] = len(self._numbers)
            yield self._line(["headers", number, entry.headers])
        self.entries[path] = entry
        yield self._line(["entry", path, entry.digest, entry.sizes, number, entry.parameters])

    def _line(self, value: list[Any]) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self._digest = _chained_digest(self._digest, text)
        return b"%b %b\n" % (self._digest, text)


def _chained_digest(previous: bytes, value: bytes) -> bytes:
    return blake2b(previous + value, digest_size=DIGEST_BYTES).hexdigest().encode()
