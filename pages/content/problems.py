"""What is wrong with a document, said to the marketer who can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Level = Literal["error", "warning"]

# Every rule by name. An error is what a visitor would see as broken; a warning, what a reader or a search engine
# would mind.
RULES: dict[str, Level] = {
    "unreadable-file": "error",
    "empty-document": "error",
    "site-settings": "error",
    "no-url": "error",
    "bad-url": "error",
    "placeholder-url": "error",
    "doubled-url": "error",
    "misplaced-file": "warning",
    "missing-meta": "error",
    "missing-title": "error",
    "missing-description": "warning",
    "unknown-meta-key": "warning",
    "doubled-meta-key": "warning",
    "meta-value": "error",
    "meta-line": "warning",
    "title-length": "warning",
    "description-length": "warning",
    "repeated-title": "warning",
    "repeated-description": "warning",
    "unclosed-block": "error",
    "gap": "error",
    "missing-headline": "warning",
    "dimension-weights": "error",
    "calculator-input": "error",
    "form-part": "error",
    "question-number": "warning",
    "question-reveals": "warning",
    "ragged-table": "warning",
    "html": "warning",
    "heading-jump": "warning",
    "cta-target": "error",
    "broken-link": "error",
    "broken-anchor": "error",
    "missing-file": "error",
    "missing-image": "error",
    "broken-image": "error",
    "image-too-large": "error",
    "link-spelling": "warning",
    "bare-link-text": "warning",
    "image-alt": "warning",
    "few-links-in": "warning",
    "no-links-out": "warning",
}

SHOWN_WIDTH = 100  # columns of a source line that are shown around its marker


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend of one line: `length` characters from `column` (from 1) give way to `text`; or it is taken out whole."""

    line: int
    column: int
    length: int
    text: str
    deletes: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one document.

    `path` is relative to the content folder's parent; `line` and `column` count from 1, `column` and `length` in
    characters; `source` is the line as written. `level` follows from `rule`, a key of RULES. `edits` mend the problem
    where there is one right way.
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

    @property
    def level(self) -> Level:
        return RULES[self.rule]

    def __str__(self) -> str:
        lines = [f"{self.path}:{self.line}:{self.column}: {self.level}: {self.rule}"]
        if self.source.strip():
            excerpt, before = self._excerpt()
            gutter = f"{self.line:>5} | "
            lead = "".join(character if character == "\t" else " " for character in excerpt[:before])
            lines += [gutter + excerpt, " " * (len(gutter) - 2) + "| " + lead + "^" * self._marker(excerpt, before)]
        lines.append(f"   {self.message}")
        if self.help:
            lines.append(f"   help: {self.help}")
        return "\n".join(lines)

    def _excerpt(self) -> tuple[str, int]:
        """The part of the source line that is shown, and how many of its characters stand before the marker."""
        before = self.column - 1
        if len(self.source) <= SHOWN_WIDTH:
            return self.source, before
        start = max(0, min(before - SHOWN_WIDTH // 2, len(self.source) - SHOWN_WIDTH))
        end = start + SHOWN_WIDTH
        head, tail = ("…" if start else ""), ("…" if end < len(self.source) else "")
        return head + self.source[start:end] + tail, before - start + len(head)

    def _marker(self, excerpt: str, before: int) -> int:
        return max(1, min(self.length, len(excerpt) - before))


@dataclass(frozen=True)
class Source:
    """A document's text and the path that its problems name."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

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
        """A problem at a place of the text; at the end of a line that an entity made shorter than what was read."""
        written = self.line(line)
        return Problem(self.path, line, min(column, len(written) + 1), rule, message, help, written, length, edits)

    def problem_at(
        self, rule: str, message: str, help: str = "", *, line: int, text: str, edits: tuple[Edit, ...] = ()
    ) -> Problem:
        """A problem that points at `text` where it stands in `line`, or at the line's start where it does not."""
        column = self.line(line).find(text) + 1 if text else 0
        length = len(text) if column else 1
        return self.problem(rule, message, help, line=line, column=max(column, 1), length=length, edits=edits)

    def problem_from(self, rule: str, message: str, help: str, *, first_line: int, text: str) -> Problem:
        """A problem that points at the first `text` from `first_line` on."""
        numbers = range(first_line, len(self.lines) + 1)
        line = next((number for number in numbers if text in self.line(number)), first_line)
        return self.problem_at(rule, message, help, line=line, text=text)
