"""Problems in documents: the rules of the checker, and the format of its messages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple

Level = Literal["error", "warning", "notice"]

# An error makes a page look broken to visitors. A warning makes a page worse for readers or search engines. A notice
# never fails a check. Some notices are advice, such as `intent`. Others appear as time passes: a page goes live or
# expires, a banner ends, or a fact gets old. A problem with `is_notice` is a notice, whatever the level of its rule.
RULES: dict[str, Level] = {
    "unreadable-file": "error",
    "document-too-large": "error",
    "empty-document": "error",
    "site-settings": "error",
    "facts": "error",
    "fact-drift": "warning",
    "unknown-figure": "warning",
    "stale-fact": "notice",
    "expired-banner": "notice",
    "kit-words": "error",
    "kit-letter": "error",
    "no-url": "error",
    "bad-url": "error",
    "placeholder-url": "error",
    "doubled-url": "error",
    "misplaced-file": "warning",
    "missing-meta": "error",
    "front-matter": "error",
    "doubled-meta": "warning",
    "missing-title": "error",
    "missing-description": "warning",
    "unknown-meta-key": "warning",
    "doubled-meta-key": "warning",
    "meta-value": "error",
    "meta-line": "warning",
    "canonical-target": "error",
    "redirect-line": "error",
    "redirect-shadow": "error",
    "redirect-chain": "warning",
    "lost-address": "error",
    "expired-page": "notice",
    "expiry-target": "error",
    "article-line": "warning",
    "article-date": "warning",
    "translation": "error",
    "site-words": "warning",
    "title-length": "warning",
    "description-length": "warning",
    "repeated-title": "warning",
    "repeated-description": "warning",
    "intent": "notice",
    "unclosed-block": "error",
    "gap": "error",
    "unfinished-text": "warning",
    "missing-headline": "warning",
    "dimension-weights": "error",
    "calculator-input": "error",
    "form-part": "error",
    "sample-report": "error",
    "question-number": "warning",
    "question-reveals": "warning",
    "ragged-table": "warning",
    "html": "warning",
    "unsupported-markdown": "warning",
    "broken-markdown": "warning",
    "misspelled-name": "warning",
    "attribution": "warning",
    "callout": "warning",
    "definition": "warning",
    "footnote": "warning",
    "heading-jump": "warning",
    "cta-target": "error",
    "cta-arrow": "warning",
    "broken-link": "error",
    "scheduled-link": "notice",
    "expiring-link": "notice",
    "broken-anchor": "error",
    "missing-file": "error",
    "missing-image": "error",
    "broken-image": "error",
    "image-too-large": "error",
    "unsafe-image": "error",
    "link-scheme": "error",
    "empty-link": "error",
    "link-spelling": "warning",
    "bare-link-text": "warning",
    "image-alt": "warning",
    "image-row": "warning",
    "missing-video": "error",
    "video-file": "error",
    "video-poster": "warning",
    "video-link": "warning",
    "video-privacy": "error",
    "wrong-sum": "warning",
    "few-links-in": "warning",
    "no-links-out": "warning",
}

MAX_EXCERPT_WIDTH = 100  # Messages show at most this many characters of a source line.
# Words must be at least this similar for a “did you mean”. With 0.6, difflib's default, “tags” counts as similar to
# “status”, and “date” to “updated”.
MIN_SIMILARITY = 0.75
MAX_SUGGESTIONS = 100  # At most this many misspelled words of each kind get a suggestion.
# `problem_from` searches at most this many lines. Each alias in META needs a search. Without the limit, a document with
# many aliases would take too long. The META of real documents has fewer lines.
MAX_SEARCH_LINES = 1_000

_VISIBLE = re.compile(r"[^\t]")


class Span(NamedTuple):
    """A part of a line. `line` and `column` count from 1, and `column` and `length` are in characters."""

    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Edit:
    """An automatic fix to one line: replace the text at `span` with `text`, or delete the line."""

    span: Span
    text: str = ""
    deletes_line: bool = False


class Suggestions:
    """Finds similar words for misspelled words. Stops after MAX_SUGGESTIONS words, because the search is slow."""

    def __init__(self, cutoff: float = MIN_SIMILARITY) -> None:
        self._cutoff = cutoff
        self._found: dict[str, str] = {}

    def nearest(self, word: str, candidates: Collection[str]) -> str:
        """Return the candidate most similar to `word`, or "". Results are cached, so `candidates` must never change."""
        if word not in self._found:
            if len(self._found) >= MAX_SUGGESTIONS:
                return ""
            self._found[word] = next(iter(get_close_matches(word, candidates, n=1, cutoff=self._cutoff)), "")
        return self._found[word]


class Problem(NamedTuple):
    """One problem in one document.

    `path` is relative to the content folder's parent. `line` and `column` count from 1; `column` and `length` are in
    characters. `rule` is a key of RULES. `source` is the line as written. `edits` is empty if the problem has no
    single right fix. `is_notice` is True if no edit caused the problem, only the passage of time.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    help: str = ""
    source: str = ""
    length: int = 1
    edits: tuple[Edit, ...] = ()
    is_notice: bool = False

    @property
    def level(self) -> Level:
        return "notice" if self.is_notice else RULES[self.rule]

    def __str__(self) -> str:
        lines = [f"{self.path}:{self.line}:{self.column}: {self.level}: {self.rule}", f"   {self.message}"]
        if excerpt := self.excerpt:
            lines.insert(1, excerpt)
        if self.help:
            lines.append(f"   help: {self.help}")
        return "\n".join(lines)

    @property
    def excerpt(self) -> str:
        """The part of the source line around the problem, with the marker under it, or "" if that part is blank.

        The rest of the line is never read. Otherwise, a long line with many problems would take quadratic time.
        """
        text, before = self._cut_source()
        if not text.strip():
            return ""
        gutter = f"{self.line:>5} | "
        # Tabs stay tabs, so that the marker lines up at any tab width.
        indent = _VISIBLE.sub(" ", text[:before])
        marker = "^" * max(1, min(self.length, len(text) - before))
        return f"{gutter}{text}\n{' ' * (len(gutter) - 2)}| {indent}{marker}"

    def _cut_source(self) -> tuple[str, int]:
        """Return the part of the source line around the marker, and the marker's offset in that part."""
        before = self.column - 1
        if len(self.source) <= MAX_EXCERPT_WIDTH:
            return self.source, before
        start = max(0, min(before - MAX_EXCERPT_WIDTH // 2, len(self.source) - MAX_EXCERPT_WIDTH))
        end = start + MAX_EXCERPT_WIDTH
        head, tail = ("…" if start else ""), ("…" if end < len(self.source) else "")
        return head + self.source[start:end] + tail, before - start + len(head)


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return `problems` sorted by path and position."""
    return tuple(sorted(problems, key=attrgetter("path", "line", "column", "rule")))


@dataclass(frozen=True)
class Source:
    """A document's text. `path` is the document's path in problem messages."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def first_line(self) -> int:
        """The number of the first line that is not empty, or 0."""
        return next((number for number, line in enumerate(self.lines, start=1) if line.strip()), 0)

    def line(self, number: int) -> str:
        """Return the line `number` (from 1), or an empty string if there is no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def text_at(self, span: Span) -> str:
        """Return the text at `span`."""
        return self.line(span.line)[span.column - 1 : span.column - 1 + span.length]

    def problem(
        self,
        rule: str,
        message: str,
        help: str = "",
        *,
        line: int = 1,
        column: int = 1,
        length: int = 1,
        edits: tuple[Edit, ...] = (),
    ) -> Problem:
        """Return a problem at a position in the text."""
        written = self.line(line)
        # Decoded HTML entities can shift a column past the end of the line.
        return Problem(self.path, line, min(column, len(written) + 1), rule, message, help, written, length, edits)

    def problem_at(
        self, rule: str, message: str, help: str = "", *, line: int, text: str, edits: tuple[Edit, ...] = ()
    ) -> Problem:
        """Return a problem that marks `text` in `line`, or the start of the line if `text` is not in it."""
        column = self.line(line).find(text) + 1 if text else 0
        length = len(text) if column else 1
        return self.problem(rule, message, help, line=line, column=max(column, 1), length=length, edits=edits)

    def problem_from(self, rule: str, message: str, help: str, *, first_line: int, text: str) -> Problem:
        """Return a problem that marks the first occurrence of `text` in `first_line` or one of the next lines."""
        numbers = range(first_line, first_line + MAX_SEARCH_LINES)
        line = next((number for number in numbers if text in self.line(number)), first_line)
        return self.problem_at(rule, message, help, line=line, text=text)
