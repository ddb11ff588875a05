"""What is published, as a file that one process writes and all workers follow.

A line says what holds of a path from there on: so a change is one short line, and who follows reads that alone. A
process that begins to write puts a new file in place of the old one, with a line for each path.
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

POLL_SECONDS = 0.2  # seconds between two looks at the file


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """What a path answers with. `digest` names the body, `sizes` has the bytes of each coding of it, and `headers` are
    those that all codings have in common. `reads_query`: only where the address has no query."""

    digest: str
    sizes: Mapping[str, int]
    headers: Headers
    reads_query: bool

    def body(self, coding: str) -> bytes | None:
        """None where the file is gone, or not whole."""
        data = artifact_store.read(body_address(self.digest, coding))
        return data if data is not None and len(data) == self.sizes[coding] else None


def body_address(digest: str, coding: str) -> str:
    """Where the store has a body. Without a dot in its name: no visitor asks for it by this address."""
    return f"/pages/{digest[:2]}/{digest}-{coding}"


class ManifestReader:
    """The entries as the file at `path` has them, at most PAUSE seconds ago; none as long as there is no file."""

    def __init__(self, path: Path) -> None:
        self.entries: dict[str, Entry] = {}
        self._path = path
        self._file: FileIO | None = None
        self._rest = b""
        self._headers: dict[int, Headers] = {}
        self._next_look = 0.0

    def get(self, path: str) -> Entry | None:
        if (now := monotonic()) >= self._next_look:
            self.look()
            self._next_look = now + POLL_SECONDS
        return self.entries.get(path)

    def close(self) -> None:
        if self._file:
            self._file.close()

    def look(self) -> None:
        """Reads what was written since. The file stays open, so that no other one can have its number."""
        try:
            there = self._path.stat()
            if self._file is None or os.fstat(self._file.fileno()).st_ino != there.st_ino:
                file = FileIO(self._path)
                self.close()
                self._file, self._rest, self._headers = file, b"", {}
                self.entries = {}
        except OSError:
            return
        if self._file.tell() < there.st_size:
            *lines, self._rest = (self._rest + self._file.readall()).split(b"\n")
            for line in lines:
                self._take(json.loads(line))

    def _take(self, line: list[Any]) -> None:
        match line:
            case ["headers", number, headers]:
                self._headers[number] = tuple((name, value) for name, value in headers)
            case ["entry", path, digest, sizes, number, reads_query]:
                self.entries[path] = Entry(digest, sizes, self._headers[number], reads_query)
            case ["gone", path]:
                self.entries.pop(path, None)


class ManifestWriter:
    """The one writer of the file at `path`; `entries` are what it holds. Begins with what stood there. After an OSError
    of `put` or `remove` it is done with: the last line may be half a line, to which nothing must be added."""

    def __init__(self, path: Path) -> None:
        with closing(ManifestReader(path)) as before:
            before.look()
        self.entries: dict[str, Entry] = {}
        self._numbers: dict[Headers, int] = {}
        with atomic_files.replace_file(path) as file:
            for address, entry in before.entries.items():
                file.write(b"".join(self._lines(address, entry)))
        self._file = path.open("ab", buffering=0)

    def close(self) -> None:
        self._file.close()

    def put(self, path: str, entry: Entry) -> None:
        self._write(b"".join(self._lines(path, entry)))

    def remove(self, path: str) -> None:
        del self.entries[path]
        self._write(_line(["gone", path]))

    def _write(self, data: bytes) -> None:
        if self._file.write(data) != len(data):  # a disk that is just full takes the beginning, and says nothing
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
