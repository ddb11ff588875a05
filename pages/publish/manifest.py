"""The manifest: a file with every published path, its response headers and a reference to its body.

One process writes the manifest, and workers read each change.

A line sets the entry of one path, removes that entry, or numbers a set of headers. Entries refer to their headers by
this number. A later line for the same path overrides an earlier one. An edit therefore appends a few short lines, and
readers read only these lines. When a writer starts, it replaces the file with one that has no overridden lines.

The manifest also has the upcoming entries. They replace current entries at the time of the next planned change, such as
the expiry of a page. At this time, readers start to use the upcoming entries, even if no writer is running.

Each line starts with a digest of this line and of all lines before it. Readers therefore notice a line that is damaged,
missing or in the wrong place. The readers then keep the entries that they have, and the writer replaces the file.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from errno import ENOSPC
from hashlib import blake2b
from io import FileIO
from pathlib import Path
from time import monotonic, time
from typing import Any, Literal

from .. import atomic_files
from .file_watch import FileWatch
from .manifest_entry import Entry, Headers, store_response

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
DIGEST_BYTES = 8


class ManifestReader:
    """Follows the manifest at `path`, at most POLL_SECONDS behind.

    At first, there are no entries. The reader opens the file once the file exists and `is_outdated` returns False. If
    the file is damaged when it is first read, there are no entries either. If the file is damaged later, the earlier
    entries stay.

    From the time `change_at`, the entries in `upcoming` replace the current `entries`. An upcoming entry is None if its
    path will no longer be published. The clock is read at each poll, because it may be set to another time. If the
    clock was set back, the entries that aren't valid yet are left out. `polled_at` is the time of the last poll, in
    seconds since 1970.
    """

    def __init__(self, path: Path, is_outdated: Callable[[], bool] = lambda: False) -> None:
        self.entries: dict[str, Entry] = {}
        self.upcoming: dict[str, Entry | None] = {}
        self.change_at: float | None = None
        self.is_damaged = False
        self._changed_entries: dict[str, Entry] | None = None
        self._last_change = 0.0  # the latest `changed_at` of `entries`
        self._path = path
        self._is_outdated = is_outdated
        self._file: FileIO | None = None
        self._partial_line = self._digest = b""
        self._headers: dict[int, Headers] = {}
        self._current = self.entries
        self._next_poll = self.polled_at = 0.0

    def get(self, path: str) -> Entry | None:
        if (now := monotonic()) >= self._next_poll:
            self.refresh()
            self._next_poll = now + POLL_SECONDS
            self.polled_at = time()
            self._current = self.current_entries()
        return self._current.get(path)

    def current_entries(self) -> dict[str, Entry]:
        """Return the entries that apply now. From the time `change_at`, these include the upcoming entries."""
        now = time()
        if now < self._last_change:
            return {path: entry for path, entry in self.entries.items() if (entry.changed_at or 0) <= now}
        if self.change_at is None or now < self.change_at:
            return self.entries
        if self._changed_entries is None:
            self._changed_entries = dict(self.entries)
            _apply_upcoming(self._changed_entries, self.upcoming)
        return self._changed_entries

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
                self.entries, self.upcoming, self.change_at, self.is_damaged = {}, {}, None, False
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
                self.entries, self.upcoming, self.change_at = {}, {}, None
        self._changed_entries = None
        self._last_change = max((entry.changed_at or 0 for entry in self.entries.values()), default=0)

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
            case ["entry", path, *values]:
                self.entries[path] = self._entry(*values)
            case ["removed", path]:
                self.entries.pop(path, None)
            case ["change", change_at]:
                self.upcoming, self.change_at = {}, change_at
            case ["upcoming", path, *values]:
                self.upcoming[path] = self._entry(*values) if values else None
            case ["changed"]:
                _apply_upcoming(self.entries, self.upcoming)
                self.upcoming, self.change_at = {}, None

    def _entry(self, digest: str, sizes: dict[str, int], number: int, parameters: list[str], *rest: Any) -> Entry:
        return Entry(digest, sizes, self._headers[number], tuple(parameters), *rest)


def _apply_upcoming(entries: dict[str, Entry], upcoming: Mapping[str, Entry | None]) -> None:
    for path, entry in upcoming.items():
        if entry is None:
            entries.pop(path, None)
        else:
            entries[path] = entry


class ManifestWriter:
    """The only writer of the manifest at `path`. Starts with the entries of the existing file, unless it is damaged.

    After a method raises OSError, lines may be missing at the end of the file. The next change writes the file again.

    While `compresses_quickly` is True, `store` compresses new bodies quickly (see `recompression`).
    """

    def __init__(self, path: Path) -> None:
        with closing(ManifestReader(path)) as existing:
            existing.refresh()
        is_past = existing.change_at is not None and time() >= existing.change_at
        self.entries = existing.current_entries()
        self.change_at = None if is_past else existing.change_at
        self.upcoming: dict[str, Entry | None] = {} if is_past else existing.upcoming
        self.compresses_quickly = False
        self._path = path
        self._watch = FileWatch(path)
        self._replace()

    def _replace(self) -> None:
        """Replace the file with one that has only the current and the upcoming entries."""
        self._digest = b""
        self._numbers: dict[Headers, int] = {}
        with atomic_files.replace_file(self._path) as file:
            for path, entry in self.entries.items():
                file.write(b"".join(self._lines("entry", path, entry)))
            if self.change_at is not None:
                file.write(self._line(["change", self.change_at]))
            for path, upcoming in self.upcoming.items():
                file.write(b"".join(self._lines("upcoming", path, upcoming)))
        self._file = self._path.open("ab", buffering=0)
        self._is_complete = True
        self._watch.accept()

    def is_intact(self) -> bool:
        """Return True if all lines were written to the file, and no other program has changed the file."""
        return self._is_complete and not self._watch.is_changed()

    def repair(self) -> None:
        """If the file isn't intact, write it again with this writer's entries."""
        if not self.is_intact():
            if self._is_complete:
                logger.error("the file %s was changed by another program: it is written again", self._path)
            self.close()
            self._replace()

    def close(self) -> None:
        self._file.close()

    def store(
        self,
        path: str,
        body: bytes,
        headers: Headers,
        parameters: tuple[str, ...] = (),
        changes_at: float | None = None,
        changed_at: float | None = None,
        *,
        is_upcoming: bool = False,
    ) -> None:
        """Store a response, and set the entry of its path. Do nothing if the same response is stored already."""
        existing = (self.upcoming if is_upcoming else self.entries).get(path)
        values = (parameters, changes_at, changed_at)
        entry = store_response(existing, body, headers, *values, is_quick=self.compresses_quickly)
        if entry is not existing:
            (self.put_upcoming if is_upcoming else self.put)(path, entry)

    def put(self, path: str, entry: Entry) -> None:
        self.repair()
        self._write(b"".join(self._lines("entry", path, entry)))
        self._drop_upcoming(path)

    def replace_bodies(self, path: str, entry: Entry) -> None:
        """Set the entry of a path after its body was compressed again.

        Unlike `put`, keep the path's upcoming entry, because the response itself has not changed.
        """
        self.repair()
        self._write(b"".join(self._lines("entry", path, entry)))

    def remove(self, path: str) -> None:
        self.repair()
        self.entries.pop(path, None)
        self._write(self._line(["removed", path]))
        self._drop_upcoming(path)

    def _drop_upcoming(self, path: str) -> None:
        """Forget the upcoming response, because the current one has changed. The prebuilder then renders a new one."""
        if self.upcoming.get(path):
            self.put_upcoming(path, None)

    def expect_change(self, change_at: float | None) -> None:
        """Set the time from which the upcoming entries apply. If this time changes, forget all upcoming entries."""
        if change_at != self.change_at:
            self.repair()
            self.upcoming, self.change_at = {}, change_at
            self._write(self._line(["change", change_at]))

    def put_upcoming(self, path: str, entry: Entry | None) -> None:
        self.repair()
        self._write(b"".join(self._lines("upcoming", path, entry)))

    def apply_change(self) -> None:
        """Make the upcoming entries the current ones, because their time has come."""
        self.repair()
        _apply_upcoming(self.entries, self.upcoming)
        self.upcoming, self.change_at = {}, None
        self._write(self._line(["changed"]))

    def _write(self, data: bytes) -> None:
        self._is_complete = False
        if self._file.write(data) != len(data):  # on a disk that just filled up, write() stops early without an error
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        self._is_complete = True
        self._watch.accept()

    def _lines(self, kind: Literal["entry", "upcoming"], path: str, entry: Entry | None) -> Iterator[bytes]:
        """Set an entry, and yield the lines that set it in the file."""
        if entry is None:
            self.upcoming[path] = None
            yield self._line([kind, path])
            return
        number = self._numbers.get(entry.headers)
        if number is None:
            number = self._numbers[entry.headers] = len(self._numbers)
            yield self._line(["headers", number, entry.headers])
        entries: dict[str, Any] = self.entries if kind == "entry" else self.upcoming
        entries[path] = entry
        rest = entry.changes_at, entry.changed_at, entry.is_quick
        yield self._line([kind, path, entry.digest, entry.sizes, number, entry.parameters, *rest])

    def _line(self, value: list[Any]) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self._digest = _chained_digest(self._digest, text)
        return b"%b %b\n" % (self._digest, text)


def _chained_digest(previous: bytes, value: bytes) -> bytes:
    return blake2b(previous + value, digest_size=DIGEST_BYTES).hexdigest().encode()
