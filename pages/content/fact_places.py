"""A planned change of a fact: the new value, the edits of each file, and the places that a person must check."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .fact_statements import FactFinder
from .facts import Fact
from .figures import Figure
from .problems import Edit, Source, Span


@dataclass(frozen=True)
class Change:
    """The change of `fact` to `value`. `finder` finds the texts that state any fact, not only this fact."""

    fact: Fact
    value: str
    finder: FactFinder

    @cached_property
    def old(self) -> Figure | None:
        """The old value as a figure. None for texts, such as an email address."""
        return self.finder.values.get(self.fact.name)


@dataclass(frozen=True)
class Place:
    """A place in a file that only a person can change. `reason` says why. `line` is 0 for the whole file."""

    path: str
    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}." + (f"\n   {self.text}" if self.text else "")


@dataclass
class FileEdits:
    """The edits of one file, and the places that a person must check."""

    edits: dict[Span, Edit] = field(default_factory=dict)
    left: dict[int, Place] = field(default_factory=dict)

    def add(self, source: Source, span: Span, old: str, new: str | None) -> None:
        """Add an edit that replaces `old` with `new`.

        If `new` is None, or the text at `span` isn't exactly `old`, leave the place as it is.
        """
        if new is None or source.text_at(span) != old:
            self.leave(source, span.line, f"the new value can't be written in the style of “{old}”")
        elif new != old:
            self.edits[span] = Edit(span, new)

    def leave(self, source: Source, line: int, reason: str) -> None:
        self.left.setdefault(line, Place(source.path, line, source.line(line).strip(), reason))
