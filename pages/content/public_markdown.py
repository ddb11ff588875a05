"""A document's Markdown for visitors: as written, but without META, labels of the hero and comments.

Links and images are absolute. All other text is copied from the document.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

from .absolute_links import LinkRules, link_edits
from .document import Page
from .omitted_text import TextEdit, line_starts
from .problems import Source


class LinePart(NamedTuple):
    """Text in place of the lines from `first` to `last`. If `last` is less than `first`, insert `text` above `first`.

    If `text` is empty, the empty lines below are removed, too.
    """

    first: int
    last: int
    text: str


def to_markdown(page: Page, rules: LinkRules, parts: Iterable[LinePart] = ()) -> str:
    """Return the Markdown version of `page`, with a line break at the end.

    `parts` replace lines of the document, or add lines. For example, the list of a hub's pages replaces the line in the
    document that stands for this list.
    """
    starts = line_starts(page.source)
    edits = [*(_part_edit(part, page.source, starts) for part in parts), *page.omissions, *link_edits(page, rules)]
    return _apply(page.source.text + "\n", edits).strip("\n") + "\n"


def _part_edit(part: LinePart, source: Source, starts: list[int]) -> TextEdit:
    start, last = starts[part.first - 1], max(part.last, part.first - 1)
    if part.text:
        return TextEdit(start, starts[last], f"{part.text}\n")
    while last < len(source.lines) and not source.line(last + 1).strip():
        last += 1
    return TextEdit(start, starts[last])


def _apply(text: str, edits: Iterable[TextEdit]) -> str:
    """Apply `edits` to `text`. If two edits overlap, apply only the one that comes first in `edits`."""
    accepted = list[tuple[TextEdit, int]]()
    for edit, rank in sorted(zip(edits, count()), key=lambda each: (each[0].start, each[0].end, each[1])):
        while accepted and edit.start < accepted[-1][0].end and rank < accepted[-1][1]:
            accepted.pop()
        if not accepted or edit.start >= accepted[-1][0].end:
            accepted.append((edit, rank))
    written, position = list[str](), 0
    for edit, _ in accepted:
        written += text[position : edit.start], edit.text
        position = edit.end
    return "".join([*written, text[position:]])
