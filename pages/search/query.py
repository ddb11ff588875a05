"""Search queries: from the visitor's text to ranked results with snippets."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import takewhile
from threading import Lock
from typing import NamedTuple

from .index import SEPARATOR, WORD, IndexDamaged, fold, row_digest, single_line
from .snippets import Fragment, Fragments, snippet

# Any part of a query beyond these limits is ignored. Lengths are in characters.
MAX_QUERY_LENGTH = 200
MAX_TERMS = 10
MAX_TERM_LENGTH = 40

HITS_PER_PAGE = 20
NEAR_DISTANCE = 10  # Terms with at most this many other words between them count as close together.
# The last term may be incomplete, so words that start with it match too.
MIN_PREFIX_LENGTH = 2
MAX_COMPLETIONS = 10

# Correct at most MAX_CORRECTIONS unknown terms, each to one of the SPELLING_CANDIDATES most common words.
SPELLING_CANDIDATES = 5_000
MAX_CORRECTIONS = 3
# The minimum of difflib's ratio. A word of four letters with one wrong letter has this ratio, and a longer word has a
# higher ratio. “python” and “phone” only have 0.73.
MIN_SIMILARITY = 0.75

# These characters mark matches in FTS5's output. Page text never contains them (see SEPARATOR in index.py).
_OPEN, _CLOSE = "\x1c", "\x1d"


@dataclass(frozen=True)
class Hit:
    """A page and its best passage. `heading` is empty if that passage is at the top of the page."""

    url: str
    name: Fragments
    anchor: str
    heading: Fragments
    snippet: Fragments

    @property
    def href(self) -> str:
        return f"{self.url}#{self.anchor}" if self.anchor else self.url


@dataclass(frozen=True)
class Results:
    """One page of results.

    `is_partial` means that no page has all terms, so the pages in `hits` have only some of them. `suggestion` is the
    query with its spelling corrected, or empty.
    """

    query: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    number: int = 1
    is_partial: bool = False
    suggestion: str = ""

    @property
    def first(self) -> int:
        """The position of the first hit on this page, counted from 1."""
        return (self.number - 1) * HITS_PER_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1

    @property
    def next(self) -> int:
        """The number of the next page, or 0 on the last page."""
        return self.number + 1 if self.number * HITS_PER_PAGE < self.total else 0

    @property
    def next_count(self) -> int:
        """The number of hits on the next page."""
        return min(self.total - self.last, HITS_PER_PAGE)


def clean(query: str) -> str:
    """Return `query` as one line of at most MAX_QUERY_LENGTH characters. Characters that aren't valid are replaced."""
    return single_line(query.replace("\0", " ").encode(errors="replace").decode()[:MAX_QUERY_LENGTH])


class Searcher:
    """Searches the index in `database` (see the module `index`). Thread-safe."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = Lock()

    def search(self, query: str, number: int = 1) -> Results:
        """Return page `number` of the results, best first.

        If no page has all words of `query`, return pages with some of the words. `query` can be any text. Page numbers
        start at 1. A number beyond the last page gives the last page. Raises sqlite3.DatabaseError if the index is
        damaged.
        """
        query = clean(query)
        terms = [term[:MAX_TERM_LENGTH] for term in query.split() if WORD.search(term)][:MAX_TERMS]
        if not terms:
            return Results(query)
        with self._lock:
            operands = [*map(_quote, terms[:-1]), self._prefix_operand(terms[-1])]
            expression, is_partial = " AND ".join(operands), False
            total = self._count(expression)
            by_term = {} if total else dict(zip(terms, operands, strict=True))
            unknown = [term for term, operand in by_term.items() if not self._count(operand)]
            if not total and len(unknown) < len(terms) > 1:
                expression, is_partial = " OR ".join(operands), True
                total = self._count(expression)
            number = max(1, min(number, -(-total // HITS_PER_PAGE)))
            rows = list(self._rows(expression, terms, number)) if total else []
            suggestion = self._correct_spelling(terms, unknown)
        closest = _closest_term(terms)
        hits = tuple(_hit(row, closest) for row in rows)
        return Results(query, hits, total, number, is_partial, suggestion)

    def _prefix_operand(self, term: str) -> str:
        """Return an FTS5 expression for a term that may be incomplete.

        A prefix query alone isn't enough: for "evaluati", it wouldn't find "evaluation", because the stemmer doesn't
        recognize the incomplete word. So complete words from the index are added to the expression.

        If the index contains the term itself, the expression has no prefix query, because FTS5 shortens prefixes to
        their stems: "interval*" would also find "interview". Instead, the expression contains the term twice: as the
        first operand, and among the complete words. Matches of the term therefore rank higher.
        """
        prefix = fold(term)
        if not prefix[-1].isalnum() or len(prefix) < MIN_PREFIX_LENGTH:
            return _quote(term)
        select = "SELECT word FROM word WHERE word >= ? AND word < ? AND pages ORDER BY word LIMIT ?"
        bounds = (prefix, prefix + chr(sys.maxunicode), MAX_COMPLETIONS)
        completions = [word for (word,) in self._database.execute(select, bounds)]
        operand = _quote(term) if prefix in completions else f"{_quote(term)}*"
        return "(" + " OR ".join([operand, *map(_quote, completions)]) + ")"

    def _count(self, expression: str) -> int:
        count: int = self._database.execute("SELECT count(*) FROM page WHERE page MATCH ?", (expression,)).fetchone()[0]
        return count

    def _rows(self, expression: str, terms: Sequence[str], number: int) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield the rows of page `number` of the results.

        These matches come first, in this order: the exact name, all terms in the name (the shortest name first), all
        terms in the name or title, terms close together. Ties are sorted by bm25. bm25 alone isn't enough, because it
        gives almost no weight to words that most pages have. A small site has many such words. Only the yielded rows
        are highlighted.
        """
        near = f"NEAR({' '.join(map(_quote, terms))}, {NEAR_DISTANCE})"
        priorities = [f"name : ({expression})", f"{{name title}} : ({expression})", near]
        is_match = "rowid IN (SELECT rowid FROM page WHERE page MATCH ?)"
        order = f"iif({is_match}, length(name), {sys.maxsize}), {is_match} DESC, {is_match} DESC,"
        rows = self._database.execute(
            "SELECT rowid FROM page WHERE page MATCH ? "  # noqa: S608  only constants
            f"ORDER BY name = ? COLLATE NOCASE DESC, {order} rank LIMIT ? OFFSET ?",
            (expression, " ".join(terms), *priorities, HITS_PER_PAGE, (number - 1) * HITS_PER_PAGE),
        )
        highlighted = ", ".join(f"highlight(page, {column}, '{_OPEN}', '{_CLOSE}')" for column in (0, 2, 3))
        columns = f"{highlighted}, url, anchors, digest, name, title, headings, text"
        for (rowid,) in rows.fetchall():
            source = "page JOIN location ON number = page.rowid"
            select = f"SELECT {columns} FROM {source} WHERE page MATCH ? AND page.rowid = ?"  # noqa: S608
            row = self._database.execute(select, (expression, rowid)).fetchone()
            if row is None or row[5] != row_digest(row[3], row[4], row[6:]):
                raise IndexDamaged("a row is missing or changed")
            yield row[:5]

    def _correct_spelling(self, terms: Sequence[str], unknown: Sequence[str]) -> str:
        """Return the terms, with similar words in place of `unknown` terms. Return "" if no word is similar."""
        nearest = {term: self._nearest_word(fold(term)) for term in unknown[:MAX_CORRECTIONS]}
        return " ".join(nearest.get(term) or term for term in terms) if any(nearest.values()) else ""

    def _nearest_word(self, term: str) -> str:
        common = "SELECT word FROM word WHERE pages ORDER BY pages DESC LIMIT ?"
        select = f"SELECT word FROM ({common}) WHERE length(word) BETWEEN ? AND ?"  # noqa: S608  only constants
        rows = self._database.execute(select, (SPELLING_CANDIDATES, len(term) - 2, len(term) + 2))
        candidates = [word for (word,) in rows if not word.isdecimal()]
        return next(iter(get_close_matches(term, candidates, n=1, cutoff=MIN_SIMILARITY)), "")


class _HighlightedPassage(NamedTuple):
    anchor: str
    heading: Fragments
    text: Fragments


def _hit(row: tuple[str, str, str, str, str], closest: Callable[[str], str]) -> Hit:
    name, headings, text, url, anchors = row
    passages = [
        _HighlightedPassage(anchor, _fragments(heading), _fragments(words))
        for anchor, heading, words in zip(
            anchors.split(SEPARATOR), headings.split(SEPARATOR), text.split(SEPARATOR), strict=True
        )
    ]
    in_name = _matched_terms(_fragments(name), closest)

    def relevance(passage: _HighlightedPassage) -> tuple[int, int, int]:
        """Return a sort key of three counts, most important first.

        The counts are: matched terms that aren't in the page's name, all matched terms, and matched terms in the
        passage's heading.
        """
        in_passage = _matched_terms((*passage.heading, *passage.text), closest)
        return len(in_passage - in_name), len(in_passage), len(_matched_terms(passage.heading, closest))

    best = max(passages, key=relevance)
    heading = best.heading if best.anchor else ()
    return Hit(url, _fragments(name), best.anchor, heading, snippet(best.text, passages[0].text))


def _quote(term: str) -> str:
    """Quote a term, so that FTS5 doesn't read it as an operator."""
    return '"' + term.replace('"', '""') + '"'


def _fragments(highlighted: str) -> Fragments:
    """Split the output of FTS5's `highlight` function into matches and the text between them."""
    before, *rest = highlighted.split(_OPEN)
    fragments = [Fragment(before, False)]
    for part in rest:
        match, _, after = part.partition(_CLOSE)
        fragments += [Fragment(match, True), Fragment(after, False)]
    return tuple(fragment for fragment in fragments if fragment.text)


def _matched_terms(fragments: Iterable[Fragment], closest: Callable[[str], str]) -> set[str]:
    """Return the search terms that found the highlighted `fragments`. `closest` returns the term that found a text."""
    return {closest(fragment.text) for fragment in fragments if fragment.is_match}


def _closest_term(terms: Sequence[str]) -> Callable[[str], str]:
    """Return a function that takes a word found on a page, and returns the search term that found this word.

    The word may differ from the term ("engineer" for "engineering"). So the function returns the term that shares the
    longest prefix with the word. The results are cached, because a page repeats a few words many times.
    """
    folded = {term: fold(term) for term in terms}

    @cache
    def closest(match: str) -> str:
        return max(terms, key=lambda term: _common_prefix(folded[term], fold(match)))

    return closest


def _common_prefix(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
