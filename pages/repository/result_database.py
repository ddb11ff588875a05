"""The database file in which a check keeps the results of reading documents."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from .. import sealed_files

# SQLite's error codes for a damaged file. SQLITE_ERROR means a missing table or column.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    path BLOB PRIMARY KEY, digest TEXT NOT NULL, stamp TEXT NOT NULL, summary BLOB NOT NULL, text BLOB NOT NULL,
    details BLOB NOT NULL
)
"""
# SQLite reads a row's columns in order, so this query doesn't read the long columns `text` and `details`.
_READ = "SELECT path, digest, stamp, summary FROM results"
_LOAD = {
    "text": "SELECT text FROM results WHERE path = ?",
    "details": "SELECT details FROM results WHERE path = ?",
}


class StoredResult(NamedTuple):
    """The short columns of a stored result. The columns `text` and `details` are long, and are read only when needed.

    `digest` is the hash of the document's text. `stamp` describes the document's file. It is empty if the file changed
    shortly before it was read.
    """

    digest: str
    stamp: str
    summary: bytes


class Result(NamedTuple):
    """The result of reading the document at `path`, to be stored in the database."""

    path: Path
    digest: str
    stamp: str
    summary: bytes
    text: bytes
    details: bytes


class ResultDatabase:
    """The results of reading the documents, stored in the SQLite database `file`. Each document's path is the key.

    `results` holds the short part of each result in memory. `load` reads a long part from the file. A damaged file is
    replaced, and a damaged result counts as missing. If the file can't be used, for example because it is locked, all
    results are kept in memory.
    """

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._open(file)
        except sqlite3.DatabaseError as error:
            # An error without a code means that the file has text that isn't UTF-8, so it is damaged.
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) not in _DAMAGE:
                self._open(":memory:")
                return
            file.unlink(missing_ok=True)
            self._open(file)
        except OSError:
            self._open(":memory:")

    def _open(self, file: Path | str) -> None:
        self._database = sqlite3.connect(file)
        weakref.finalize(self, self._database.close)
        # Don't wait for the disk. After a power failure, results may be lost or damaged. Digests detect the damaged
        # ones. The site then reads the documents again.
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(_SCHEMA)
        self.results = dict(self._read_results())

    def _read_results(self) -> Iterator[tuple[str, StoredResult]]:
        for path, digest, stamp, sealed in self._database.execute(_READ):
            with suppress(sealed_files.Damaged):
                yield os.fsdecode(path), StoredResult(digest, stamp, sealed_files.unseal(sealed))

    def load(self, path: Path, column: Literal["text", "details"]) -> bytes:
        """Return one column of the result for `path`. Raises LookupError if the value is damaged or missing."""
        try:
            row = self._database.execute(_LOAD[column], [os.fsencode(path)]).fetchone()
            return sealed_files.unseal(row[0] if row else b"")
        except (sqlite3.DatabaseError, sealed_files.Damaged) as error:
            raise LookupError(path) from error

    def add(self, results: Iterable[Result]) -> None:
        rows = [
            (os.fsencode(result.path), result.digest, result.stamp, *map(sealed_files.seal, result[3:]))
            for result in results
        ]
        self._write(
            "REPLACE INTO results (path, digest, stamp, summary, text, details) VALUES (?, ?, ?, ?, ?, ?)", rows
        )

    def set_stamps(self, stamps: Iterable[tuple[Path, str]]) -> None:
        rows = [(stamp, os.fsencode(path)) for path, stamp in stamps]
        self._write("UPDATE results SET stamp = ? WHERE path = ?", rows)

    def delete(self, paths: Collection[str]) -> None:
        self._write("DELETE FROM results WHERE path = ?", [(os.fsencode(path),) for path in paths])

    def _write(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        with suppress(sqlite3.DatabaseError), self._database:
            self._database.executemany(statement, rows)
