"""Texts of a document, each with the position of its characters."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from .inlines import Inline
from .problems import Span


class LocatedText(NamedTuple):
    """A text without Markdown, with its position in the file.

    The text may consist of several pieces, such as the cells of a table row. `starts` has the offset in `text` where
    each piece starts, and `places` has the line and the column of the piece in the file.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> Span:
        """Return the position in the document of the characters from `start` to `end`."""
        index = max(bisect_right(self.starts, start) - 1, 0)
        line, column = self.places[index]
        return Span(line, column + start - self.starts[index], end - start)


def line_text(number: int, line: str) -> LocatedText:
    """Return the text of a whole line of a file."""
    return LocatedText(line, (0,), ((number, 1),))


def inline_text(inline: Inline) -> LocatedText:
    """Return the text of `inline`. If a run is code or contains a URL, write spaces in its place."""
    if len(inline.runs) == 1 and not inline.runs[0].code and "://" not in inline.runs[0].text:  # most texts
        return LocatedText(inline.runs[0].text, (0,), ((inline.line, inline.column),))
    texts, starts, places, offset = list[str](), list[int](), list[tuple[int, int]](), 0
    for run in inline.runs:
        is_url = "://" in run.text
        texts.append(" " * len(run.text) if run.code or is_url else run.text)
        starts.append(offset)
        places.append((run.line, run.column))
        offset += len(run.text)
    return LocatedText("".join(texts), tuple(starts or [0]), tuple(places or [(1, 1)]))
