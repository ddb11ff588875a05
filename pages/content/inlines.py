"""A line of text as flat runs: each a stretch of characters with its styles, its link and its place in the source.

Flat, and not a tree, since nothing then recurses (five thousand asterisks nest 1,250 deep) and a section's kind can ask
in one step what a line leads with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.token import Token

from . import targets

# How far past the last run the next one is looked for in its source line, and by how much of its text; bounds the
# search on lines without end.
SEARCH_WIDTH = 2_000
SEARCH_TEXT = 40


class Run(NamedTuple):
    """Characters of one style. `line` and `column` count from 1; `href` is empty where the run is no link, and where
    its link is dead (a scheme that is not allowed); of an image, `image` is the source and `text` the
    alternative; `hard` marks a break that was asked for, and `call` a call to action."""

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


@dataclass(slots=True)
class Place:
    """Where in the source the reading of a text stands; columns count from 0 here."""

    lines: list[str]
    line: int
    column: int = 0

    def next_line(self) -> None:
        self.line, self.column = self.line + 1, 0

    def find(self, text: str) -> tuple[int, int]:
        """Line and column (from 1) of the next `text`, and move behind it; where it is written otherwise, stay."""
        snippet = text.strip()[:SEARCH_TEXT]
        source = self.lines[self.line - 1] if self.line <= len(self.lines) else ""
        found = source.find(snippet, self.column, self.column + SEARCH_WIDTH) if snippet else -1
        if found < 0:
            return self.line, self.column + 1
        start = found - (len(text) - len(text.lstrip()))
        self.column = found + len(text.strip())
        return self.line, max(start, 0) + 1


def read(token: Token, place: Place) -> Inline:
    """The runs of an inline token. An opening token changes the style of what follows; none nests."""
    runs: list[Run] = []
    styles = {"strong": 0, "em": 0, "s": 0}
    href = title = ""
    for child in token.children or ():
        style = Run("", place.line, 1, styles["strong"] > 0, styles["em"] > 0, styles["s"] > 0, href=href, title=title)
        match child.type:
            case "softbreak" | "hardbreak":
                runs.append(style._replace(text="\n", column=place.column + 1, hard=child.type == "hardbreak"))
                if child.markup != "br":
                    place.next_line()
            case "text" | "code_inline":
                line, column = place.find(child.content)
                text = child.content.replace("\n", " ")
                runs.append(style._replace(text=text, line=line, column=column, code=child.type == "code_inline"))
            case "image":
                line, column = place.find(child.content)
                source = str(child.attrGet("src") or "")
                alternative = "".join(part.content or " " for part in child.children or () if not part.nesting)
                runs.append(
                    style._replace(
                        text=alternative,
                        line=line,
                        column=column,
                        title=str(child.attrGet("title") or ""),
                        image=source if targets.is_allowed(source) else "",
                    )
                )
            case "link_open":
                target = str(child.attrGet("href") or "")
                href = target if targets.is_allowed(target) else ""
                title = str(child.attrGet("title") or "")
            case "link_close":
                href = title = ""
            case _ if child.tag in styles:
                styles[child.tag] += child.nesting
    return Inline(tuple(_with_phone_links(run for run in runs if run.text or run.image)))


def _with_phone_links(runs: Iterator[Run]) -> Iterator[Run]:
    for run in runs:
        if run.href or run.code or run.image or "+" not in run.text:
            yield run
            continue
        end = 0
        for number in targets.PHONE.finditer(run.text):
            if number.start() > end:
                yield run._replace(text=run.text[end : number.start()], column=run.column + end)
            link = targets.telephone(number[0])
            yield run._replace(text=number[0], column=run.column + number.start(), href=link)
            end = number.end()
        if end < len(run.text):
            yield run._replace(text=run.text[end:], column=run.column + end)
