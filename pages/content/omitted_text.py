"""Find the text that a Markdown version leaves out: META, labels of the hero, comments and needless dividers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from . import front_matter
from .blocks import Block, Code, Paragraph, Rule, child_blocks
from .calls_to_action import is_call_label
from .comments import find_comments
from .document_structure import DocumentStructure
from .problems import Source
from .sections import hero

_FENCE = re.compile(r"\s*(?:```|~~~)")
_LABEL = re.compile(r"\s*(?P<mark>\*\*|__)(?P<name>[^*_:\n]+):?[ \t]*(?P=mark)[ \t]*:?[ \t]*")


class TextEdit(NamedTuple):
    """Replace the text from `start` to `end` with `text`. Both are offsets in the document."""

    start: int
    end: int
    text: str = ""


def line_starts(source: Source) -> list[int]:
    """Return the offsets at which the document's lines start, followed by the offset after the last line."""
    return list(accumulate((len(line) + 1 for line in source.lines), initial=0))


def find_omissions(source: Source) -> tuple[TextEdit, ...]:
    """Find all text that the Markdown version leaves out. Return the edits that remove this text."""
    structure, starts = DocumentStructure(source), line_starts(source)
    lines = (TextEdit(starts[number - 1], starts[number]) for number in _Dropped(structure).lines())
    return (*lines, *_comment_edits(structure), *_label_edits(structure, starts))


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
    if "<!--" not in text:  # most documents
        return
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
