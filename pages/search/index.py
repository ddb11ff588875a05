"""The search index: a SQLite database with full-text search (https://www.sqlite.org/fts5.html)."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from ..content.document import Page
from .passages import passages

WEIGHTS = (10.0, 6.0, 4.0, 1.0)  # the ranking weights of name, title, headings and text

# This character joins passages. It never occurs in a passage, because it counts as whitespace and becomes a space.
SEPARATOR = "\x1e"
WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")

TIMEOUT_SECONDS = 2  # how long a search waits while a page is written to the index

# `page` has the searchable text. For each of its rows, `location` has the URL and the anchors. `word` counts the pages
# that contain a word, because the FTS5 vocabulary has only stems.
_SCHEMA = f"""
CREATE VIRTUAL TABLE page USING fts5(name, title, headings, text, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO page (page, rank) VALUES ('rank', 'bm25{WEIGHTS}');
CREATE TABLE location (number INTEGER PRIMARY KEY, url TEXT UNIQUE, anchors TEXT);
CREATE TABLE word (word TEXT PRIMARY KEY, pages INTEGER) WITHOUT ROWID;
CREATE INDEX most_common ON word (pages);
"""  # noqa: S608  constants of this module


def create_in_memory(pages: Iterable[Page]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    for page in pages:
        put(database, page)
    database.execute("COMMIT")
    return database


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the index at `path`, and create it if it is missing. Only one process may write; others can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=TIMEOUT_SECONDS)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        database.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
    return database


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """Open the index at `path`, or return None if it is missing."""
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=TIMEOUT_SECONDS, check_same_thread=False)
        database.execute("SELECT 1 FROM word LIMIT 1")
    except sqlite3.OperationalError:
        return None
    return database


def put(database: sqlite3.Connection, page: Page) -> None:
    """Add `page`, or replace it."""
    page_passages = passages(page)
    anchors = SEPARATOR.join(passage.anchor for passage in page_passages)
    headings = SEPARATOR.join(passage.heading for passage in page_passages)
    text = SEPARATOR.join(passage.text for passage in page_passages)
    row = (single_line(page.name), single_line(page.meta.title), headings, text)
    number, existing = _row(database, page.url)
    if existing == row:
        return
    if existing:
        _delete_row(database, number, existing)
        database.execute("UPDATE location SET anchors = ? WHERE number = ?", (anchors, number))
    else:
        insert = "INSERT INTO location (url, anchors) VALUES (?, ?)"
        number = database.execute(insert, (page.url, anchors)).lastrowid or 0
    database.execute("INSERT INTO page (rowid, name, title, headings, text) VALUES (?, ?, ?, ?, ?)", (number, *row))
    count = "INSERT INTO word VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET pages = pages + 1"
    database.executemany(count, ((word,) for word in _words(row)))


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


def _delete_row(database: sqlite3.Connection, number: int, row: tuple[str, ...]) -> None:
    database.execute("DELETE FROM page WHERE rowid = ?", (number,))
    database.executemany("UPDATE word SET pages = pages - 1 WHERE word = ?", ((word,) for word in _words(row)))


def _words(row: Iterable[str]) -> set[str]:
    return set(WORD.findall(fold(" ".join(row))))


def single_line(text: str) -> str:
    return " ".join(text.split())


def fold(text: str) -> str:
    """Lower-case `text` and remove diacritics, as the index does."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.lower()
