"""A line of text as flat runs: each a stretch of characters with its styles, its link and its place in the source.

Flat, and not a tree, since nothing then recurses (five thousand asterisks nest 1,250 deep) and a section's kind can ask
in one step what a line leads with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Run(NamedTuple):
    """Characters of one style. `line` and `column` count from 1; `href` is empty where the run is no link, and where
    its link is dead (a scheme that is not allowed); of an image, `image` is the source and `text` the alternative; `hard`
    marks a break that was asked for, and `call` a call to action."""

    text: str
    line: int = 1
    column: int = 1
    strong: bool = False
    emphasis: bool = False
    struck: bool = False
    code: bool = False
    href: str = ""
    title: str = ""
    image: str = ""
    hard: bool = False
    call: bool = False

    @property
    def is_break(self) -> bool:
        return self.text == "\n"


@dataclass(frozen=True, slots=True)
class Inline:
    """Runs in reading order. False where there is no text and no image."""

    runs: tuple[Run, ...] = ()

    def __bool__(self) -> bool:
        return any(run.image or run.text.strip() for run in self.runs)

    @property
    def text(self) -> str:
        """The words alone, breaks as newlines."""
        return "".join(run.text for run in self.runs)

    @property
    def line(self) -> int:
        return self.runs[0].line if self.runs else 1

    @property
    def column(self) -> int:
        return self.runs[0].column if self.runs else 1

    def lines(self) -> tuple[Inline, ...]:
        """Split at every break, soft or hard; lines without words fall away."""
        lines: list[list[Run]] = [[]]
        for run in self.runs:
            if run.is_break:
                lines.append([])
            else:
                lines[-1].append(run)
        return tuple(line for line in (Inline(tuple(runs)).strip() for runs in lines) if line)

    def strip(self, characters: str | None = None) -> Inline:
        return self.lstrip(characters).rstrip(characters)

    def lstrip(self, characters: str | None = None) -> Inline:
        if not self.runs or self.runs[0].text.lstrip(characters) == self.runs[0].text:
            return self
        runs = list(self.runs)
        while runs and not runs[0].image:
            text = runs[0].text.lstrip(characters)
            if text:
                moved = len(runs[0].text) - len(text)
                runs[0] = runs[0]._replace(text=text, column=runs[0].column + moved)
                break
            del runs[0]
        return Inline(tuple(runs))

    def rstrip(self, characters: str | None = None) -> Inline:
        if not self.runs or self.runs[-1].text.rstrip(characters) == self.runs[-1].text:
            return self
        runs = list(self.runs)
        while runs and not runs[-1].image:
            text = runs[-1].text.rstrip(characters)
            if text:
                runs[-1] = runs[-1]._replace(text=text)
                break
            del runs[-1]
        return Inline(tuple(runs))

    def drop(self, count: int) -> Inline:
        """Without its first `count` characters."""
        runs = list(self.runs)
        while runs and count >= len(runs[0].text):
            count -= len(runs[0].text)
            del runs[0]
        if runs and count:
            runs[0] = runs[0]._replace(text=runs[0].text[count:], column=runs[0].column + count)
        return Inline(tuple(runs))

    def take(self, count: int) -> Inline:
        """Its first `count` characters alone."""
        runs: list[Run] = []
        for run in self.runs:
            if count <= 0:
                break
            runs.append(run if len(run.text) <= count else run._replace(text=run.text[:count]))
            count -= len(run.text)
        return Inline(tuple(runs))

    def plain(self) -> Inline:
        """The same words without bold, for places that set their own."""
        return Inline(tuple(run._replace(strong=False) for run in self.runs))

    def lead(self, style: str = "strong") -> tuple[Inline, Inline]:
        """The stretch that it begins with in `style` ("strong" or "emphasis"), and the rest; the first may be empty."""
        runs = self.strip().runs
        count = 0
        while count < len(runs) and getattr(runs[count], style):
            count += 1
        return Inline(runs[:count]), Inline(runs[count:])

    def label(self, style: str = "strong") -> tuple[str, Inline] | None:
        """Of `**Label:** words` or `**Label**: words`: the label without its colon, and the words (perhaps none)."""
        lead, rest = self.lead(style)
        name = lead.text.strip()
        if name.endswith(":"):
            return name[:-1].rstrip(), rest.strip()
        if name and rest.text.lstrip().startswith(":"):
            return name, rest.lstrip().drop(1).strip()
        return None

    @property
    def is_strong(self) -> bool:
        """All of it is bold."""
        lead, rest = self.lead()
        return bool(lead) and not rest


def join(lines: Iterable[Inline]) -> Inline:
    """Lines put together again, a soft break between each two."""

    def runs() -> Iterator[Run]:
        for index, line in enumerate(lines):
            if index:
                yield Run("\n", line.line, line.column)
            yield from line.runs

    return Inline(tuple(runs()))
