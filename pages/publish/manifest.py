"""The manifest: a file with the headers and body of every published path. One process writes it, and workers follow it.

Each line sets or removes the entry of one path, and a later line overrides an earlier one. An edit therefore appends a
few short lines, and readers read only those. A new writer replaces the file with a compact one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from errno import ENOSPC
from io import FileIO
from pathlib import Path
from time import monotonic
from typing import Any

from .. import atomic_files
from ..media import artifact_store

Headers = tuple[tuple[str, str], ...]

POLL_SECONDS = 0.2


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """The stored response of a path.

    `digest` is the hash of the body, and `sizes` gives the body's length in bytes for each coding. `headers` are the
    headers that all codings share. If `reads_query` is True, the entry applies only to requests without a query string.
    """

    digest: str
    sizes: Mapping[str, int]
    headers: Headers
    reads_query: bool

    def body(self, coding: str) -> bytes | None:
        """Return the stored body, or None if its file is missing or truncated."""
        data = artifact_store.read(body_key(self.digest, coding))
        return data if data is not None and len(data) == self.sizes[coding] else None


def body_key(digest: str, coding: str) -> str:
    """Return a body's key in the artifact store. It has no file extension, so visitors can't request it."""
    return f"/pages/{digest[:2]}/{digest}-{coding}"


class ManifestReader:
    """Follows the manifest at `path`, at most POLL_SECONDS behind. If the file is missing, there are no entries."""

    def __init__(self, path: Path) -> None:
        self.entries: dict[str, Entry] = {}
        self._path = path
        self._file: FileIO | None = None
        self._partial_line = b""
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
        # The file stays open, so that the system can't reuse its inode number for a new file.
        try:
            stat = self._path.stat()
            if self._file is None or os.fstat(self._file.fileno()).st_ino != stat.st_ino:
                file = FileIO(self._path)
                self.close()
                self._file, self._partial_line, self._headers = file, b"", {}
                self.entries = {}
        except OSError:
            return
        if self._file.tell() < stat.st_size:
            *lines, self._partial_line = (self._partial_line + self._file.readall()).split(b"\n")
            for line in lines:
                self._apply(json.loads(line))

    def _apply(self, line: list[Any]) -> None:
        match line:
            case ["headers", number, headers]:
                self._headers[number] = tuple((name, value) for name, value in headers)
            case ["entry", path, digest, sizes, number, reads_query]:
                self.entries[path] = Entry(digest, sizes, self._headers[number], reads_query)
            case ["removed", path]:
                self.entries.pop(path, None)


class ManifestWriter:
    """The only writer of the manifest at `path`. Starts with the entries of the existing file.

    After `put` or `remove` raises OSError, the writer must not be used again: the last line may be incomplete, and
    appending to it would corrupt the file.
    """

    def __init__(self, path: Path) -> None:
        with closing(ManifestReader(path)) as existing:
            existing.refresh()
        self.entries: dict[str, Entry] = {}
        self._numbers: dict[Headers, int] = {}
        with atomic_files.replace_file(path) as file:
            for entry_path, entry in existing.entries.items():
                file.write(b"".join(self._lines(entry_path, entry)))
        self._file = path.open("ab", buffering=0)

    def close(self) -> None:
        self._file.close()

    def put(self, path: str, entry: Entry) -> None:
        self._write(b"".join(self._lines(path, entry)))

    def remove(self, path: str) -> None:
        del self.entries[path]
        self._write(_line(["removed", path]))

    def _write(self, data: bytes) -> None:
        if self._file.write(data) != len(data):  # on a disk that just filled up, write() stops early without an error
            raise OSError(ENOSPC, os.strerror(ENOSPC))

    def _lines(self, path: str, entry: Entry) -> Iterator[bytes]:
        number = self._numbers.get(entry.headers)
        if number is None:
            number = self._numbers[entry.headers] = len(self._numbers)
            yield _line(["headers", number, entry.headers])
        self.entries[path] = entry
        yield _line(["entry", path, entry.digest, entry.sizes, number, entry.reads_query])


def _line(value: list[Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
