"""Search over the words of pages: what is asked, as the index understands it, and what is shown of what it finds."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby, takewhile
from threading import Lock
from typing import NamedTuple

from .index import BETWEEN, WORD, fold, single_line

# Of what is asked, so much is looked for.
QUERY_LETTERS = 200
TERMS = 10
TERM_LETTERS = 40

HITS = 20  # on one page of results
CLOSE = 10  # other words at most between words that stand close together
SNIPPET, BEFORE = 36, 6  # words of a snippet, and of it those before its first match

# The last word may still be being typed: so many words that begin like it are asked for as well.
SHORTEST_BEGINNING = 2
ENDINGS = 10

# A spelling is looked for among so many words, the commonest, and for so many that were asked.
COMPARED = 5_000
RESPELLED = 3

# These stand in no text of a page, since they count as white space and are made one blank there.
_OPEN, _CLOSE = "\x1c", "\x1d"


class Piece(NamedTuple):
    """A stretch of text, and whether it is what was asked for."""

    text: str
    is_match: bool


Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Hit:
    """A page, and the passage of it that answers best; `heading` is empty where that is the page's beginning."""

    url: str
    name: Pieces
    anchor: str
    heading: Pieces
    snippet: Pieces

    @property
    def href(self) -> str:
        return f"{self.url}#{self.anchor}" if self.anchor else self.url


@dataclass(frozen=True)
class Results:
    """One page of what was found for `query`. `loose`: no page has all of its words, these have some. `spelling` is
    the query in words that there are, where it holds others."""

    query: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    number: int = 1
    loose: bool = False
    spelling: str = ""

    @property
    def first(self) -> int:
        """Which of all hits the first one here is, from 1."""
        return (self.number - 1) * HITS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1

    @property
    def next(self) -> int:
        """The number of the next page; 0 where there is none."""
        return self.number + 1 if self.number * HITS < self.total else 0


class Index:
    """Searches the pages whose words are in `database` (see `index`). Several threads may."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = Lock()

    def search(self, query: str, number: int = 1) -> Results:
        """The pages that hold all words of `query`, best first; where there are none, those that hold some. Takes any
        text. `number` counts pages of results from 1, and one beyond the last is the last."""
        query = single_line(query.replace("\0", " ").encode(errors="replace").decode()[:QUERY_LETTERS])
        terms = [term[:TERM_LETTERS] for term in query.split() if WORD.search(term)][:TERMS]
        if not terms:
            return Results(query)
        with self._lock:
            asked = [*map(_quoted, terms[:-1]), self._begun(terms[-1])]
            wanted, loose = " AND ".join(asked), False
            total = self._count(wanted)
            unknown = {} if total else {term for term, each in zip(terms, asked, strict=True) if not self._count(each)}
            if not total and len(unknown) < len(terms) > 1:
                wanted, loose = " OR ".join(asked), True
                total = self._count(wanted)
            number = max(1, min(number, -(-total // HITS)))
            rows = list(self._rows(wanted, terms, number)) if total else []
            spelling = self._respelled(terms, unknown)
        hits = tuple(_hit(row, terms) for row in rows)
        return Results(query, hits, total, number, loose, spelling)

    def _begun(self, term: str) -> str:
        """What to ask for a word that may not be whole. One that is there as it stands counts twice; of another the
        stemmer makes nothing, so that "evaluati" alone would find no "evaluation"."""
        beginning = fold(term)
        if not beginning[-1].isalnum() or len(beginning) < SHORTEST_BEGINNING:
            return _quoted(term)
        select = "SELECT word FROM word WHERE word >= ? AND word < ? AND pages ORDER BY word LIMIT ?"
        begun = (beginning, beginning + chr(sys.maxunicode), ENDINGS)
        longer = [word for (word,) in self._database.execute(select, begun)]
        others = [term] if beginning in longer else longer
        return "(" + " OR ".join([f"{_quoted(term)}*", *map(_quoted, others)]) + ")"

    def _count(self, wanted: str) -> int:
        count: int = self._database.execute("SELECT count(*) FROM page WHERE page MATCH ?", (wanted,)).fetchone()[0]
        return count

    def _rows(self, wanted: str, terms: Sequence[str], number: int) -> Iterator[tuple[str, str, str, str, str]]:
        """Pages that are called so come first, then those with all of it in their name, in their title, and close
        together: of words that most pages hold, as they do on a small site, bm25 makes next to nothing. What is shown
        alone is marked."""
        together = f"NEAR({' '.join(map(_quoted, terms))}, {CLOSE})"
        first = [f"name : ({wanted})", f"{{name title}} : ({wanted})", together]
        order = "rowid IN (SELECT rowid FROM page WHERE page MATCH ?) DESC, " * len(first)
        found = self._database.execute(
            "SELECT rowid FROM page WHERE page MATCH ? "  # noqa: S608  constants of this module
            f"ORDER BY name = ? COLLATE NOCASE DESC, {order} rank LIMIT ? OFFSET ?",
            (wanted, " ".join(terms), *first, HITS, (number - 1) * HITS),
        )
        marked = ", ".join(f"highlight(page, {column}, '{_OPEN}', '{_CLOSE}')" for column in (0, 2, 3))
        for (row,) in found.fetchall():
            place = "url, anchors FROM page JOIN place ON number = page.rowid"
            select = f"SELECT {marked}, {place} WHERE page MATCH ? AND page.rowid = ?"
            yield self._database.execute(select, (wanted, row)).fetchone()

    def _respelled(self, terms: Sequence[str], unknown: Iterable[str]) -> str:
        """The terms, those `unknown` as the nearest word that there is; empty where there is none near."""
        nearest = {term: self._nearest(fold(term)) for term in list(unknown)[:RESPELLED]}
        return " ".join(nearest.get(term) or term for term in terms) if any(nearest.values()) else ""

    def _nearest(self, term: str) -> str:
        select = "SELECT word FROM word WHERE pages ORDER BY pages DESC LIMIT ?"
        common = (word for (word,) in self._database.execute(select, (COMPARED,)) if not word.isdecimal())
        likely = [word for word in common if abs(len(word) - len(term)) <= 2]
        return next(iter(get_close_matches(term, likely, n=1, cutoff=0.7)), "")


class _Marked(NamedTuple):
    anchor: str
    heading: Pieces
    text: Pieces


def _hit(row: tuple[str, str, str, str, str], terms: Sequence[str]) -> Hit:
    name, headings, text, url, anchors = row
    found = [
        _Marked(anchor, _pieces(heading), _pieces(words))
        for anchor, heading, words in zip(
            anchors.split(BETWEEN), headings.split(BETWEEN), text.split(BETWEEN), strict=True
        )
    ]
    named = _matched_terms(_pieces(name), terms)

    def answers(passage: _Marked) -> tuple[int, int, int]:
        """A passage is to hold what the name does not say, then as much as may be, then in its heading."""
        held = _matched_terms((*passage.heading, *passage.text), terms)
        return len(held - named), len(held), len(_matched_terms(passage.heading, terms))

    best = max(found, key=answers)
    heading = best.heading if best.anchor else ()
    return Hit(url, _pieces(name), best.anchor, heading, _snippet(best.text or found[0].text))


def _quoted(term: str) -> str:
    """A term as FTS5 takes it for plain words, whatever signs it holds."""
    return '"' + term.replace('"', '""') + '"'


def _pieces(marked: str) -> Pieces:
    """The pieces of what `highlight` gave."""
    before, *rest = marked.split(_OPEN)
    pieces = [Piece(before, False)]
    for stretch in rest:
        match, _, after = stretch.partition(_CLOSE)
        pieces += [Piece(match, True), Piece(after, False)]
    return tuple(piece for piece in pieces if piece.text)


def _matched_terms(pieces: Pieces, terms: Sequence[str]) -> set[str]:
    """Which of `terms` are matched in `pieces`: of each match, that with which it has the longest beginning in common,
    since the stemmer finds "engineer" where "engineering" is asked for."""
    matches = {fold(piece.text) for piece in pieces if piece.is_match}
    return {max(terms, key=lambda term: _common_prefix(fold(term), match)) for match in matches}


def _common_prefix(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _snippet(pieces: Pieces) -> Pieces:
    """As many words as a result shows, from where most different matches stand close together."""
    words = [Piece(word, piece.is_match) for piece in pieces for word in re.findall(r"\s*\S+|\s+$", piece.text)]
    starts = [max(number - BEFORE, 0) for number, word in enumerate(words) if word.is_match] or [0]

    def different(start: int) -> int:
        return len({word.text.lower().strip() for word in words[start : start + SNIPPET] if word.is_match})

    start = max(starts, key=different)
    shown = words[start : start + SNIPPET]
    if start:
        shown[0] = shown[0]._replace(text="… " + shown[0].text.lstrip())
    if start + SNIPPET < len(words):
        shown.append(Piece(" …", False))
    return tuple(_joined(shown))


def _joined(words: Iterable[Piece]) -> Iterator[Piece]:
    for is_match, group in groupby(words, key=lambda word: word.is_match):
        yield Piece("".join(word.text for word in group), is_match)
