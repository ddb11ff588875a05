"""Inline content as a flat sequence of runs: characters with their style, link and source position.

A flat sequence needs no recursion: 5,000 asterisks would make a tree 1,250 levels deep. A flat sequence also lets a
section split off a line's first bold words in one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .images import Picture, Video
from .problems import Span


class NoteMark(NamedTuple):
    """A mark such as `[^1]`, which refers to a footnote.

    `number` is the footnote's number on the page, and `id` is the mark's own id. If `id` is empty, the page shows the
    number without a link.
    """

    label: str
    number: int = 0
    id: str = ""


class Run(NamedTuple):
    """Characters of one style, an image, or a footnote mark. A footnote mark has an empty `text`."""

    text: str  # The alt text, if the run is an image.
    line: int = 1  # Line and column numbers start at 1.
    column: int = 1
    strong: bool = False
    emphasis: bool = False
    strikethrough: bool = False
    code: bool = False
    href: str = ""  # Empty if the text is not a link, or if the link's scheme is not allowed.
    rejected: str = ""  # A link's target or an image's source, if its scheme is not allowed.
    title: str = ""
    image: str = ""  # An image's source as written.
    hard_break: bool = False
    is_call: bool = False  # True if the run is part of a call to action.
    picture: Picture | None = None  # The image's file, if browsers can show the file. For a video, its poster's file.
    video: Video | None = None  # The video's file, if the image is a video that browsers can play.
    eager: bool = False  # True if the image is not loaded lazily.
    is_exact: bool = False  # True if the source has exactly this text at this line and column.
    href_span: Span | None = None  # The position of the link's target in the document, if known.
    image_span: Span | None = None  # The position of the image's source in the document, if known.
    note: NoteMark | None = None

    @property
    def is_break(self) -> bool:
        return self.text == "\n"


@dataclass(frozen=True, slots=True)
class Inline:
    """Inline content: runs in reading order. It is falsy if it has no text, image or footnote mark."""

    runs: tuple[Run, ...] = ()

    def __bool__(self) -> bool:
        for run in self.runs:  # noqa: SIM110  called very often, and a generator would be slower
            if run.image or run.note or run.text.strip():
                return True
        return False

    @property
    def text(self) -> str:
        """The text without styles. Line breaks are newlines."""
        return self.runs[0].text if len(self.runs) == 1 else "".join([run.text for run in self.runs])

    @property
    def line(self) -> int:
        return self.runs[0].line if self.runs else 1

    @property
    def column(self) -> int:
        return self.runs[0].column if self.runs else 1

    def lines(self) -> tuple[Inline, ...]:
        """Split at every line break, soft or hard, and drop empty lines."""
        if len(self.runs) == 1 or "\n" not in [run.text for run in self.runs]:
            return (stripped,) if (stripped := self.strip()) else ()
        lines: list[list[Run]] = [[]]
        for run in self.runs:
            if run.is_break:
                lines.append([])
            else:
                lines[-1].append(run)
        return tuple(line for line in (Inline(tuple(runs)).strip() for runs in lines) if line)

    def strip(self, characters: str | None = None) -> Inline:
        if characters is None and self.runs and self.runs[0].text[:1].strip() and self.runs[-1].text[-1:].strip():
            return self  # most content has no space around it, and this check is quick
        return self.lstrip(characters).rstrip(characters)

    def lstrip(self, characters: str | None = None) -> Inline:
        if not self.runs or self.runs[0].text.lstrip(characters) == self.runs[0].text:
            return self
        for index, run in enumerate(self.runs):
            if run.image or run.note:
                return Inline(self.runs[index:])
            if text := run.text.lstrip(characters):
                stripped = run._replace(text=text, column=run.column + len(run.text) - len(text))
                return Inline((stripped, *self.runs[index + 1 :]))
        return Inline()

    def rstrip(self, characters: str | None = None) -> Inline:
        if not self.runs or self.runs[-1].text.rstrip(characters) == self.runs[-1].text:
            return self
        runs = list(self.runs)
        while runs and not (runs[-1].image or runs[-1].note):
            text = runs[-1].text.rstrip(characters)
            if text:
                runs[-1] = runs[-1]._replace(text=text)
                break
            del runs[-1]
        return Inline(tuple(runs))

    def drop(self, count: int) -> Inline:
        """Return everything after the first `count` characters."""
        runs: list[Run] = []
        for run in self.runs:
            if count <= 0:
                runs.append(run)
            elif count < len(run.text):
                runs.append(run._replace(text=run.text[count:], column=run.column + count))
            count -= len(run.text)
        return Inline(tuple(runs))

    def take(self, count: int) -> Inline:
        """Return the first `count` characters."""
        runs: list[Run] = []
        for run in self.runs:
            if count <= 0 and run.text:
                break
            runs.append(run if len(run.text) <= count else run._replace(text=run.text[:count]))
            count -= len(run.text)
        return Inline(tuple(runs))

    def split_at(self, cuts: Sequence[int]) -> list[Inline]:
        """Split before each of the ascending offsets in `cuts`. The number of parts is the number of cuts plus 1."""
        parts: list[list[Run]] = [[]]
        end = 0
        for run in self.runs:
            start, end, used = end, end + len(run.text), 0
            while len(parts) <= len(cuts) and cuts[len(parts) - 1] < end:
                cut = cuts[len(parts) - 1] - start
                if cut > used:
                    parts[-1].append(run._replace(text=run.text[used:cut], column=run.column + used))
                parts.append([])
                used = cut
            parts[-1].append(run._replace(text=run.text[used:], column=run.column + used) if used else run)
        parts += [[] for _ in range(len(cuts) + 1 - len(parts))]
        return [Inline(tuple(runs)) for runs in parts]

    def without_bold(self) -> Inline:
        """Return the same content without bold, for elements that have a font weight of their own."""
        if not any(run.strong for run in self.runs):
            return self
        return Inline(tuple(run._replace(strong=False) for run in self.runs))

    def without_mark_links(self) -> Inline:
        """Return the same content with the marks of footnotes as plain numbers, for use inside a link or a button."""
        if not any(run.note for run in self.runs):
            return self
        return Inline(tuple(run._replace(note=run.note and run.note._replace(id="")) for run in self.runs))

    def split_lead(self, style: str = "strong") -> tuple[Inline, Inline]:
        """Return the text in `style` ("strong" or "emphasis") at the start, and the rest. Either may be empty.

        A footnote mark counts as a part of the text before it.
        """
        runs = self.strip().runs
        count = 0
        while count < len(runs) and (getattr(runs[count], style) or (count and runs[count].note)):
            count += 1
        return Inline(runs[:count]), Inline(runs[count:])

    def split_label(self, style: str = "strong") -> tuple[str, Inline] | None:
        """Split `**Label:** text` or `**Label**: text` into the label, without its colon, and the text, if any.

        A footnote mark in the label moves to the start of the text.
        """
        runs = self.strip().runs
        if not runs or not getattr(runs[0], style):
            return None
        lead, rest = self.split_lead(style)
        name = lead.text.strip()
        marks = [run._replace(strong=False, emphasis=False) for run in lead.runs if run.note]
        if marks:
            marks.append(Run(" ", marks[-1].line, marks[-1].column))
        if name.endswith(":"):
            return name[:-1].rstrip(), Inline((*marks, *rest.strip().runs))
        if name and rest.text.lstrip().startswith(":"):
            return name, Inline((*marks, *rest.lstrip().drop(1).strip().runs))
        return None

    @property
    def is_strong(self) -> bool:
        """Whether the whole content is bold."""
        lead, rest = self.split_lead()
        return bool(lead) and not rest


def join(lines: Iterable[Inline]) -> Inline:
    """Join lines with soft breaks."""

    def runs() -> Iterator[Run]:
        for index, line in enumerate(lines):
            if index:
                yield Run("\n", line.line, line.column)
            yield from line.runs

    return Inline(tuple(runs()))
