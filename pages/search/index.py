"""The search index: a SQLite database with full-text search (https://www.sqlite.org/fts5.html)."""

from __future__ import annotations

import logging
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from ..content.document import Page
from .passages import passages

logger = logging.getLogger(__name__)

WEIGHTS = (10.0, 6.0, 4.0, 1.0)  # Ranking weights for the columns name, title, headings and text.

# This character joins passages. No passage contains this character: Python treats it as whitespace, so a space has
# replaced it.
SEPARATOR = "\x1e"
WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")

TIMEOUT_SECONDS = 2  # A search waits at most this long for a write to the index.

# The table `page` has the searchable text of each page. The table `location` has the page's URL and anchors, and a
# digest of URL, anchors and text. The table `word` has each whole word, and the number of pages that contain the word.
# FTS5's own table of words has only stems.
_SCHEMA = f"""
CREATE VIRTUAL TABLE page USING fts5(name, title, headings, text, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO page (page, rank) VALUES ('rank', 'bm25{WEIGHTS}');
CREATE TABLE location (number INTEGER PRIMARY KEY, url TEXT UNIQUE, anchors TEXT, digest BLOB);
CREATE TABLE word (word TEXT PRIMARY KEY, pages INTEGER) WITHOUT ROWID;
CREATE INDEX most_common ON word (pages);
"""  # noqa: S608  only constants


_INCOMPLETE = 1  # SQLite's user_version has this value while the index is incomplete.

# SQLite's error codes for a damaged file. SQLITE_ERROR means a missing table.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def create_in_memory(pages: Iterable[Page]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    for page in pages:
        put(database, page)
    database.execute("COMMIT")
    return database


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the index at `path`, and create it if it is missing or damaged. Only one process may write; others can read.

    If the index was damaged, the new index can't be read until `set_complete` is called. An existing index is checked
    first, which takes a second for 1,300 documents.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    database = _connect(path)
    try:
        if not is_new:
            _check(database)
            return _without_sync(database)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        logger.error("the search index is damaged (%s): deleting and rebuilding it", error)
        database.close()
        for file in (path, path.with_name(f"{path.name}-journal")):
            file.unlink(missing_ok=True)
        database = _connect(path)
    database.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version = {0 if is_new else _INCOMPLETE};COMMIT;")
    return _without_sync(database)


def _without_sync(database: sqlite3.Connection) -> sqlite3.Connection:
    """Let `database` write without waiting for the disk. `_check` detects the damage that a power failure causes."""
    database.execute("PRAGMA synchronous = OFF")
    return database


def replace(path: Path) -> sqlite3.Connection:
    """Replace the index at `path` with an empty index, and open the new index for writing."""
    path.write_bytes(b"")
    return open_for_writing(path)


def set_complete(database: sqlite3.Connection) -> None:
    """Mark the index as complete, so that other processes can read it."""
    if _is_incomplete(database):
        database.execute("PRAGMA user_version = 0")


def _is_incomplete(database: sqlite3.Connection) -> bool:
    return bool(database.execute("PRAGMA user_version").fetchone()[0] == _INCOMPLETE)


def _connect(path: Path) -> sqlite3.Connection:
    # Use the default journal instead of WAL. WAL's shared memory is a file. If this file is truncated, the kernel kills
    # the processes that map it.
    return sqlite3.connect(path, timeout=TIMEOUT_SECONDS)


def _check(database: sqlite3.Connection) -> None:
    """Raise DatabaseError if a table is missing or damaged."""
    problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise IndexDamaged(problem)
    database.execute("SELECT 1 FROM word, location LIMIT 1")
    with database:
        database.execute("INSERT INTO page (page) VALUES ('integrity-check')")  # checks the full-text index


class IndexDamaged(sqlite3.DatabaseError):
    """The index was changed by another program, or is damaged."""


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Return True if `error` is caused by a damaged file, and not by a lock or a full disk."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code & 0xFF in _DAMAGE


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """Open the index at `path`. Return None if it is missing or incomplete. Raise DatabaseError if it is damaged."""
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=TIMEOUT_SECONDS, check_same_thread=False)
        database.execute("SELECT 1 FROM word LIMIT 1")
        if not _is_incomplete(database):
            return database
        database.close()
    except sqlite3.OperationalError:
        pass
    return None


class PageRow(NamedTuple):
    """What the index stores for a page. `texts` are the values of the columns of the table `page`."""

    url: str
    anchors: str
    texts: tuple[str, ...]


def row_of(page: Page) -> PageRow:
    page_passages = passages(page)
    anchors = SEPARATOR.join(passage.anchor for passage in page_passages)
    headings = SEPARATOR.join(passage.heading for passage in page_passages)
    text = SEPARATOR.join(passage.text for passage in page_passages)
    return PageRow(page.url, anchors, (single_line(page.name), single_line(page.meta.title), headings, text))


def put(database: sqlite3.Connection, page: Page) -> None:
    """Add `page` to the index, or replace its row in the index."""
    put_rows(database, [row_of(page)])


def put_rows(database: sqlite3.Connection, rows: Iterable[PageRow]) -> None:
    """Add the rows of pages to the index, or replace the rows that the index has for these pages."""
    counts = Counter[str]()
    for row in rows:
        if _put_row(database, row):
            counts.update(_words(row.texts))
    count = "INSERT INTO word VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET pages = pages + excluded.pages"
    database.executemany(count, counts.items())


def _put_row(database: sqlite3.Connection, new: PageRow) -> bool:
    """Add or replace a page's row, but don't count its words yet. Return False if the index already has this row."""
    digest = row_digest(*new)
    number, existing = _row(database, new.url)
    if existing == new.texts and digest == _stored_digest(database, number):
        return False
    if existing:
        _delete_row(database, number, existing)
        update = "UPDATE location SET anchors = ?, digest = ? WHERE number = ?"
        database.execute(update, (new.anchors, digest, number))
    else:
        insert = "INSERT INTO location (url, anchors, digest) VALUES (?, ?, ?)"
        number = database.execute(insert, (new.url, new.anchors, digest)).lastrowid or 0
    database.execute(
        "INSERT INTO page (rowid, name, title, headings, text) VALUES (?, ?, ?, ?, ?)", (number, *new.texts)
    )
    return True


def remove(database: sqlite3.Connection, url: str) -> None:
    number, existing = _row(database, url)
    if existing:
        _delete_row(database, number, existing)
        database.execute("DELETE FROM location WHERE number = ?", (number,))


def urls(database: sqlite3.Connection) -> set[str]:
    return {url for (url,) in database.execute("SELECT url FROM location")}


def _row(database: sqlite3.Connection, url: str) -> tuple[int, tuple[str, ...]]:
    select = (
        "SELECT rowid, name, title, headings, text FROM page WHERE rowid = (SELECT number FROM location WHERE url = ?)"
    )
    number, *row = database.execute(select, (url,)).fetchone() or (0,)
    return number, tuple(row)


def _stored_digest(database: sqlite3.Connection, number: int) -> bytes | None:
    row: tuple[bytes] | None = database.execute("SELECT digest FROM location WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


def row_digest(url: str, anchors: str, row: Iterable[str]) -> bytes:
    """Return a digest of everything that the index stores for a page. `row` is the page's row in the table `page`."""
    return blake2b("\0".join((url, anchors, *row)).encode(), digest_size=8).digest()


def _delete_row(database: sqlite3.Connection, number: int, row: tuple[str, ...]) -> None:
    database.execute("DELETE FROM page WHERE rowid = ?", (number,))
    database.executemany("UPDATE word SET pages = pages - 1 WHERE word = ?", ((word,) for word in _words(row)))


def _words(row: Iterable[str]) -> set[str]:
    distinct = set(" ".join(row).split())  # fewer words to fold
    return set(WORD.findall(fold(" ".join(distinct))))


def single_line(text: str) -> str:
    return " ".join(text.split())


def fold(text: str) -> str:
    """Lower-case `text` and remove diacritics, as the index does."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.lower()
