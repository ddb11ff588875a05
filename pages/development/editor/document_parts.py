"""Split a document's lines into parts that are edited one at a time, and replace the lines of one part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...content.document_structure import DocumentStructure
from ...content.problems import Source
from ...content.text_files import BYTE_ORDER_MARK

_NEWLINE = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_HEADING_MARKS = re.compile(r"^\s*#{1,6}\s+|\s+#+\s*$")


@dataclass(frozen=True)
class Part:
    """Consecutive lines of a document: a section, META, or the lines above them.

    `name` is the part's first line, and `number` counts earlier parts with the same name. Together, they identify the
    part in later versions of the document. `section` is the section's index, or None.

    Lines count from 1. The editor shows the lines from `first_line` to `last_line`. The lines up to `end` are empty
    lines and dividers, which the editor leaves alone.
    """

    name: str
    number: int
    label: str
    section: int | None
    first_line: int
    last_line: int
    end: int


@lru_cache(8)
def parts_of(source: Source) -> tuple[Part, ...]:
    """Return the parts of a document. Each line belongs to one part, except empty lines at the document's start."""
    return tuple(_split(source))


def find_part(parts: Sequence[Part], name: str, number: int) -> Part | None:
    """Return the part with this name and number, or None."""
    return next((part for part in parts if (part.name, part.number) == (name, number)), None)


def text_of(source: Source, part: Part) -> str:
    """Return the lines that the editor shows."""
    return "\n".join(source.lines[part.first_line - 1 : part.last_line])


def replace_part(text: str, part: Part, new_text: str) -> str:
    """Return a file's `text` with the lines of `part` replaced. All other bytes stay as they are.

    So do the byte order mark, the newlines of unchanged lines, and a missing newline at the file's end. New lines get
    the file's most common newline.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text = text.removeprefix(mark)
    lines, newlines = _NEWLINE.split(text), _NEWLINE.findall(text)
    new_lines = _NEWLINE.split(new_text) if new_text else []
    start, end = _changed_range(lines, part.first_line - 1, part.last_line, new_lines)
    new_lines = new_lines[start - part.first_line + 1 : len(new_lines) - (part.last_line - end)]
    newline = Counter(newlines).most_common(1)[0][0] if newlines else "\n"
    lines[start:end] = new_lines
    newlines[start:end] = [newline] * len(new_lines)
    newlines = newlines[: max(len(lines) - 1, 0)]  # the last line has none, or is the empty line after the last newline
    return mark + "".join(line + end for line, end in zip(lines, [*newlines, ""], strict=False))


def _changed_range(lines: Sequence[str], start: int, end: int, new_lines: Sequence[str]) -> tuple[int, int]:
    """Narrow the range `start` to `end` of `lines` to the lines that differ from `new_lines`."""
    first, most = start, min(end - start, len(new_lines))
    while start - first < most and lines[start] == new_lines[start - first]:
        start += 1
    most -= start - first
    last = end
    while last - end < most and lines[end - 1] == new_lines[len(new_lines) - 1 - (last - end)]:
        end -= 1
    return start, end


def _split(source: Source) -> Iterator[Part]:
    structure = DocumentStructure(source)
    starts: dict[int, tuple[str, int | None]] = {1: ("name and URL", None)}
    starts |= {line: ("META", None) for line in structure.meta_headings}
    for index, (heading, blocks) in enumerate(structure.sections()):
        line = heading.line if heading else blocks[0].line
        starts[line] = (_HEADING_MARKS.sub("", source.line(line)).strip() if heading else "introduction", index)
    numbers: Counter[str] = Counter()
    lines = sorted(starts)
    for line, following in zip(lines, [*lines[1:], len(source.lines) + 1], strict=True):
        last = _last_line(source, line, following - 1)
        name = source.line(line).strip()
        if last > line or name:
            label, section = starts[line]
            yield Part(name, numbers[name], label, section, line, last, following - 1)
            numbers[name] += 1


def _last_line(source: Source, first: int, last: int) -> int:
    """Return the last line that is neither empty nor a divider below an empty line."""
    while last > first:
        line = source.line(last)
        is_divider = _RULE.match(line) and not source.line(last - 1).strip()
        if line.strip() and not is_divider:
            break
        last -= 1
    return last
