"""A line of text as flat runs: each a stretch of characters with its styles, its link and its place in the source.

Flat, and not a tree, since nothing then recurses (five thousand asterisks nest 1,250 deep) and a section's kind can ask
in one step what a line leads with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.token import Token

from . import url_paths
from .images import Picture

# How far past the last run the next one is looked for in its source line, and by how much of its text.
SEARCH_WIDTH = 2_000
SEARCH_TEXT = 40


class Run(NamedTuple):
    """Characters of one style. `line` and `column` count from 1; `href` is empty where the run is no link, or a dead
    one (its scheme is not allowed); of an image, `image` is the source, `text` the alternative, `picture` its file's;
    `hard` marks a break that was asked for, `call` a call to action, `first` an image that is seen at once."""

    text: str
    line: int = 1
    column: int = 1
    strong: bool = False
    emphasis: bool = False
    strikethrough: bool = False
    code: bool = False
    href: str = ""
    title: str = ""
    image: str = ""
    hard_break: bool = False
    is_call: bool = False
    picture: Picture | None = None
    eager: bool = False

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
        if not any(run.is_break for run in self.runs):
            return (stripped,) if (stripped := self.strip()) else ()
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
        runs: list[Run] = []
        for run in self.runs:
            if count <= 0:
                runs.append(run)
            elif count < len(run.text):
                runs.append(run._replace(text=run.text[count:], column=run.column + count))
            count -= len(run.text)
        return Inline(tuple(runs))

    def take(self, count: int) -> Inline:
        """Its first `count` characters alone."""
        runs: list[Run] = []
        for run in self.runs:
            if count <= 0 and run.text:
                break
            runs.append(run if len(run.text) <= count else run._replace(text=run.text[:count]))
            count -= len(run.text)
        return Inline(tuple(runs))

    def without_bold(self) -> Inline:
        """The same words without bold, for places that set their own."""
        return Inline(tuple(run._replace(strong=False) for run in self.runs))

    def split_lead(self, style: str = "strong") -> tuple[Inline, Inline]:
        """The stretch that it begins with in `style` ("strong" or "emphasis"), and the rest; the first may be empty."""
        runs = self.strip().runs
        count = 0
        while count < len(runs) and getattr(runs[count], style):
            count += 1
        return Inline(runs[:count]), Inline(runs[count:])

    def split_label(self, style: str = "strong") -> tuple[str, Inline] | None:
        """Of `**Label:** words` or `**Label**: words`: the label without its colon, and the words (perhaps none)."""
        lead, rest = self.split_lead(style)
        name = lead.text.strip()
        if name.endswith(":"):
            return name[:-1].rstrip(), rest.strip()
        if name and rest.text.lstrip().startswith(":"):
            return name, rest.lstrip().drop(1).strip()
        return None

    @property
    def is_strong(self) -> bool:
        """All of it is bold."""
        lead, rest = self.split_lead()
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
class SourcePosition:
    """Where a text begins in the source: `line` counts from 1, `column` from 0. A table's cells share their row's."""

    lines: list[str]
    line: int
    column: int = 0

    def base(self, number: int, text: str) -> int:
        """The column (from 0) at which `text`, a whole line of Markdown, stands in its source line `number`."""
        source = self.lines[number - 1] if 0 < number <= len(self.lines) else ""
        return max(source.find(text, self.column if number == self.line else 0), 0)


class _Cursor:
    """Follows the reading of a text, to say where each of its runs is written. It only moves on, so that all of it
    takes time in proportion to the text."""

    def __init__(self, text: str, place: SourcePosition) -> None:
        self.text, self.place = text, place
        self.offset = self._line_start = 0
        # The parser strips a text's first lines where nothing stands on them but space that Markdown takes for words.
        while text and place.line < len(place.lines) and not place.lines[place.line - 1].strip():
            place.line += 1
        self._line = place.line
        self._base = place.base(place.line, text.partition("\n")[0])
        place.column = self._base + len(text) if "\n" not in text else 0

    def find(self, words: str) -> tuple[int, int]:
        """Line and column (from 1) of the next `words`, and move behind them; if they are written otherwise, stay."""
        snippet = words.strip()[:SEARCH_TEXT]
        found = self.text.find(snippet, self.offset, self.offset + SEARCH_WIDTH) if snippet else -1
        if found < 0:
            return self._at(self.offset)
        self.offset = found + len(snippet)
        line, column = self._at(found)
        return line, max(column - (len(words) - len(words.lstrip())), 1)

    def skip(self, *marks: str) -> None:
        """Move behind `marks`, if they come next one after the other; between them, anything."""
        if self.text.startswith(marks[0], self.offset):
            offset = self.offset
            for mark in marks:
                found = self.text.find(mark, offset, offset + SEARCH_WIDTH)
                if found < 0:
                    return
                offset = found + len(mark)
            self.offset = offset

    def next_line(self) -> None:
        found = self.text.find("\n", self.offset)
        self.offset = found + 1 if found >= 0 else self.offset

    def _at(self, offset: int) -> tuple[int, int]:
        passed = self.text.count("\n", self._line_start, offset)
        if passed:
            self._line += passed
            self._line_start = self.text.rfind("\n", self._line_start, offset) + 1
            end = self.text.find("\n", self._line_start)
            self._base = self.place.base(self._line, self.text[self._line_start : end if end >= 0 else None])
        return self._line, self._base + offset - self._line_start + 1


def read(token: Token, place: SourcePosition) -> Inline:
    """The runs of an inline token. An opening token changes the style of what follows; none nests."""
    runs: list[Run] = []
    cursor = _Cursor(token.content, place)
    styles = {"strong": 0, "em": 0, "s": 0}
    href = title = ""
    for child in token.children or ():
        strong, emphasis, struck = (styles[tag] > 0 for tag in styles)
        style = Run("", 1, 1, strong, emphasis, struck, href=href, title=title)
        match child.type:
            case "softbreak" | "hardbreak":
                line, column = cursor.find("")
                runs.append(style._replace(text="\n", line=line, column=column, hard_break=child.type == "hardbreak"))
                if child.markup == "br":
                    cursor.skip("<", ">")
                else:
                    cursor.next_line()
            case "text":
                line, column = cursor.find(child.content)
                runs.append(style._replace(text=child.content, line=line, column=column))
            case "code_inline":
                cursor.skip(child.markup)
                line, column = cursor.find(child.content)
                runs.append(style._replace(text=child.content, line=line, column=column, code=True))
                cursor.skip(child.markup)
            case "image":
                line, column = cursor.find(child.content)
                source = _living(child.attrGet("src"))
                image = style._replace(text=_alternative(child), line=line, column=column, image=source)
                runs.append(image._replace(title=str(child.attrGet("title") or "")))
                cursor.skip("](", ")")
            case "link_open":
                href = _living(child.attrGet("href"))
                title = str(child.attrGet("title") or "")
                cursor.skip("[")
            case "link_close":
                href = title = ""
                cursor.skip("](", ")")
            case _ if child.tag in styles:
                styles[child.tag] += child.nesting
                cursor.skip(child.markup)
    return Inline(tuple(_with_phone_links(run for run in runs if run.text or run.image)))


def _living(target: str | int | float | None) -> str:
    return str(target) if target and url_paths.is_allowed_url(str(target)) else ""


def _alternative(image: Token) -> str:
    return "".join(part.content or " " for part in image.children or () if not part.nesting)


def _with_phone_links(runs: Iterator[Run]) -> Iterator[Run]:
    for run in runs:
        if run.href or run.code or run.image or "+" not in run.text:
            yield run
            continue
        end = 0
        for number in url_paths.PHONE.finditer(run.text):
            if number.start() > end:
                yield run._replace(text=run.text[end : number.start()], column=run.column + end)
            link = url_paths.phone_url(number[0])
            yield run._replace(text=number[0], column=run.column + number.start(), href=link)
            end = number.end()
        if end < len(run.text):
            yield run._replace(text=run.text[end:], column=run.column + end)
