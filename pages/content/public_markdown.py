"""A document's Markdown for visitors: as written, but without META, labels of the hero and comments.

Links and images are absolute. All other text is copied from the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import NamedTuple

from . import front_matter
from .absolute_links import LinkRules, TextEdit, line_starts, link_edits
from .blocks import Block, Code, Paragraph, Rule, child_blocks
from .calls_to_action import is_call_label
from .comments import find_comments
from .document import Page
from .document_structure import DocumentStructure
from .problems import Source
from .sections import hero

_FENCE = re.compile(r"\s*(?:```|~~~)")
_LABEL = re.compile(r"\s*(?P<mark>\*\*|__)(?P<name>[^*_:\n]+):?[ \t]*(?P=mark)[ \t]*:?[ \t]*")


class LinePart(NamedTuple):
    """Text in place of the lines from `first` to `last`. If `last` is less than `first`, insert `text` above `first`.

    If `text` is empty, the empty lines below are removed, too.
    """

    first: int
    last: int
    text: str


def to_markdown(page: Page, rules: LinkRules, parts: Iterable[LinePart] = ()) -> str:
    """Return the Markdown version of `page`, which ends with a line break.

    `parts` replace lines of the document, or add lines. For example, the list of a hub's pages replaces the line in the
    document that stands for this list.
    """
    structure, starts = DocumentStructure(page.source), line_starts(page.source)
    dropped = _Dropped(structure)
    edits = [
        *(_part_edit(part, page.source, starts) for part in parts),
        *(TextEdit(starts[number - 1], starts[number]) for number in dropped.lines()),
        *_comment_edits(structure),
        *_label_edits(structure, starts),
        *link_edits(page, rules),
    ]
    return _apply(page.source.text + "\n", edits).strip("\n") + "\n"


def _part_edit(part: LinePart, source: Source, starts: list[int]) -> TextEdit:
    start, last = starts[part.first - 1], max(part.last, part.first - 1)
    if part.text:
        return TextEdit(start, starts[last], f"{part.text}\n")
    while last < len(source.lines) and not source.line(last + 1).strip():
        last += 1
    return TextEdit(start, starts[last])


class _Dropped:
    """Finds the lines to leave out: lines that visitors don't see, and dividers (`---`) that don't divide text."""

    def __init__(self, structure: DocumentStructure) -> None:
        self._structure, self._source = structure, structure.source

    def lines(self) -> set[int]:
        lines = {*self._meta_lines(), *self._hero_headings()}
        if url_heading := self._structure.url_heading:
            lines.add(url_heading.line)
        lines |= self._needless_rules(lines)
        return {*lines, *self._blank_lines_below(lines)}

    def _meta_lines(self) -> Iterator[int]:
        """Yield the lines of META and of the front matter, with the fences around META."""
        found = front_matter.read(self._source)
        yield from range(1, found.end + 1 if found else 1)
        yield from self._structure.meta_headings
        numbers = {number for number, _ in self._structure.meta_lines}
        yield from numbers
        for number in numbers:
            yield from (near for near in (number - 1, number + 1) if _FENCE.match(self._source.line(near)))

    def _hero_headings(self) -> Iterator[int]:
        headings = (heading for heading, _ in self._structure.sections() if heading)
        yield from (heading.line for heading in headings if hero.matches(heading.raw_text.strip().upper()))

    def _needless_rules(self, dropped: set[int]) -> set[int]:
        """Return the line numbers of dividers (`---`) at the start or the end, or directly after another divider."""
        rules = {block.line for block in self._structure.blocks if isinstance(block, Rule)}
        name = self._structure.name_heading
        needless, last = set[int](), 0  # `last` is the latest divider that has text above it
        has_text = False
        for number, line in enumerate(self._source.lines, start=1):
            if number in rules and number not in dropped:
                if not has_text:
                    needless.add(number)
                else:
                    last, has_text = number, False
            elif line.strip() and number not in dropped and not (name and number == name.line):
                has_text = True
        return needless if has_text else {*needless, last}

    def _blank_lines_below(self, dropped: set[int]) -> Iterator[int]:
        for number in sorted(dropped):
            above, below = number - 1, number + 1
            while above in dropped:
                above -= 1
            if self._source.line(above).strip():
                continue
            while below <= len(self._source.lines) and not self._source.line(below).strip():
                yield below
                below += 1


def _comment_edits(structure: DocumentStructure) -> Iterator[TextEdit]:
    """Yield the edits that remove comments. A comment without other text on its lines is removed with these lines."""
    text = structure.source.text
    for start, end in find_comments(text, set(_code_lines(structure.blocks))):
        before = text[text.rfind("\n", 0, start) + 1 : start]
        after = re.compile(r"[ \t]*(?:\n\s*\n|\n|$)").match(text, end)
        yield TextEdit(start - len(before), after.end()) if after and not before.strip() else TextEdit(start, end)


def _code_lines(content: Iterable[Block]) -> Iterator[int]:
    for block in content:
        if isinstance(block, Code):
            yield from range(block.line, block.text_line + block.text.count("\n") + 1)
        yield from _code_lines(child_blocks(block))


def _label_edits(structure: DocumentStructure, starts: list[int]) -> Iterator[TextEdit]:
    """Yield the edits that remove labels such as `**Headline:**`. Each labeled line of a hero becomes a paragraph."""
    for heading, content in structure.sections():
        is_hero = heading is not None and hero.matches(heading.raw_text.strip().upper())
        seen = set[str]()
        for block in content:
            height = block.inline.text.count("\n") + 1 if isinstance(block, Paragraph) else 0
            for number in range(block.line, block.line + height):
                label = _LABEL.match(structure.source.line(number))
                field = hero.field_of(label["name"]) if label and is_hero else ""
                if label and (is_call_label(label["name"].strip()) or (field and field not in seen)):
                    seen.add(field)
                    start = starts[number - 1]
                    yield TextEdit(start, start + label.end(), "\n" if is_hero and number > block.line else "")


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
