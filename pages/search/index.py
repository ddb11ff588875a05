"""The words of pages in a SQLite database, by its FTS5 (https://www.sqlite.org/fts5.html)."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from ..content.document import Page
from .passages import passages

WEIGHTS = (10.0, 6.0, 4.0, 1.0)  # of a page's name, its title, its headings, its text

# Stands in no text of a page, since it counts as white space and is made one blank there.
BETWEEN = "\x1e"
WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")

SECONDS = 2  # that a reader waits while one page is written

# `page` has the words that are looked for, `place` whose they are; `word` counts in how many pages a word stands, which
# the index of stems cannot say.
_SCHEMA = f"""
CREATE VIRTUAL TABLE page USING fts5(name, title, headings, text, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO page (page, rank) VALUES ('rank', 'bm25{WEIGHTS}');
CREATE TABLE place (number INTEGER PRIMARY KEY, url TEXT UNIQUE, anchors TEXT);
CREATE TABLE word (word TEXT PRIMARY KEY, pages INTEGER) WITHOUT ROWID;
CREATE INDEX commonest ON word (pages);
"""  # noqa: S608  constants of this module


def create_in_memory(pages: Iterable[Page]) -> sqlite3.Connection:
    """The index of `pages`."""
    database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    for page in pages:
        put(database, page)
    database.execute("COMMIT")
    return database


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The index at `path`, with what stands there from before. One process writes, while others read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=SECONDS)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        database.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
    return database


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """The index at `path`; None where there is none."""
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=SECONDS, check_same_thread=False)
        database.execute("SELECT 1 FROM word LIMIT 1")
    except sqlite3.OperationalError:
        return None
    return database


def put(database: sqlite3.Connection, page: Page) -> None:
    """The words of `page`, in place of those that its URL had."""
    found = passages(page)
    anchors = BETWEEN.join(passage.anchor for passage in found)
    headings = BETWEEN.join(passage.heading for passage in found)
    text = BETWEEN.join(passage.text for passage in found)
    row = (single_line(page.name), single_line(page.meta.title), headings, text)
    number, known = _known(database, page.url)
    if known == row:
        return
    if known:
        _take_out(database, number, known)
        database.execute("UPDATE place SET anchors = ? WHERE number = ?", (anchors, number))
    else:
        insert = "INSERT INTO place (url, anchors) VALUES (?, ?)"
        number = database.execute(insert, (page.url, anchors)).lastrowid or 0
    database.execute("INSERT INTO page (rowid, name, title, headings, text) VALUES (?, ?, ?, ?, ?)", (number, *row))
    count = "INSERT INTO word VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET pages = pages + 1"
    database.executemany(count, ((word,) for word in _words(row)))


def remove(database: sqlite3.Connection, url: str) -> None:
    number, known = _known(database, url)
    if known:
        _take_out(database, number, known)
        database.execute("DELETE FROM place WHERE number = ?", (number,))


def urls(database: sqlite3.Connection) -> set[str]:
    return {url for (url,) in database.execute("SELECT url FROM place")}


def _known(database: sqlite3.Connection, url: str) -> tuple[int, tuple[str, ...]]:
    select = (
        "SELECT rowid, name, title, headings, text FROM page WHERE rowid = (SELECT number FROM place WHERE url = ?)"
    )
    number, *row = database.execute(select, (url,)).fetchone() or (0,)
    return number, tuple(row)


def _take_out(database: sqlite3.Connection, number: int, row: tuple[str, ...]) -> None:
    database.execute("DELETE FROM page WHERE rowid = ?", (number,))
    database.executemany("UPDATE word SET pages = pages - 1 WHERE word = ?", ((word,) for word in _words(row)))


def _words(row: Iterable[str]) -> set[str]:
    return set(WORD.findall(fold(" ".join(row))))


def single_line(text: str) -> str:
    return " ".join(text.split())


def fold(text: str) -> str:
    """As the index sees letters: in lower case, without marks."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.lower()
