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
    """Consecutive lines of a document: a section, META, or the name and URL at the start.

    `name` is the part's first line, and `number` counts earlier parts with the same name. Together, they identify the
    part in later versions of the document. `section` is the section's index, or None.

    Line numbers start at 1. The editor shows the lines from `first_line` to `last_line`. The lines after `last_line`,
    up to `end`, are empty lines and dividers. The editor doesn't show or change them.
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

    Replaced lines keep their line endings. Added lines get the file's most common line ending.
    """
    found = list(_NEWLINE.finditer(text))
    start = (
        found[part.first_line - 2].end() if part.first_line > 1 else len(text) - len(text.removeprefix(BYTE_ORDER_MARK))
    )
    end = found[part.last_line - 1].start() if part.last_line <= len(found) else len(text)
    common = Counter(newline[0] for newline in found).most_common(1)
    before, after = text[:start], text[end:]
    lines, newlines = _with_newlines(text[start:end], new_text, common[0][0] if common else "\n")
    _keep_empty_lines(lines, newlines, before, after)
    return before + "".join(map(str.__add__, lines, [*newlines, ""])) + after


def _with_newlines(old_text: str, new_text: str, common: str) -> tuple[list[str], list[str]]:
    """Return the lines of `new_text`, and the line endings between them.

    Lines keep the endings that they have in `old_text`. Added lines get the line ending `common`.
    """
    old_lines, lines = _NEWLINE.split(old_text), _NEWLINE.split(new_text)
    old = _NEWLINE.findall(old_text)
    before = _common_length(old_lines, lines)
    after = _common_length(old_lines[before:][::-1], lines[before:][::-1])
    first, last = old[:before], old[len(old) - after :]
    replaced = old[before : len(old) - after] + [common] * len(lines)
    added = replaced[: max(len(lines) - 1 - len(first) - len(last), 0)]
    return lines, [*first, *added, *last][: len(lines) - 1]


def _keep_empty_lines(lines: Sequence[str], newlines: list[str], before: str, after: str) -> None:
    r"""Change a line ending if an empty line would be lost otherwise.

    In a file with several kinds of line endings, an empty line may stand between \r and \n. Both would be read as one
    line ending, and the empty line would be lost. So change one of them to \r\n. `newlines` has the line endings
    between `lines`, and is edited in place.
    """
    around = [before[-1:], *newlines, after[:1]]
    for index, line in enumerate(lines):
        if not line and around[index : index + 2] == ["\r", "\n"] and newlines:
            newlines[max(index - 1, 0)] = "\r\n"


def _common_length(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many items at the start of both sequences are equal."""
    return next(
        (index for index, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def _split(source: Source) -> Iterator[Part]:
    structure = DocumentStructure(source)
    starts: dict[int, tuple[str, int | None]] = {1: ("name and URL", None)}
    starts |= dict.fromkeys(structure.meta_headings, ("META", None))
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
    """Return the number of the last line with content, from `first` to `last`.

    Ignore empty lines, and a divider (`---`) below an empty line.
    """
    while last > first:
        line = source.line(last)
        is_divider = _RULE.match(line) and not source.line(last - 1).strip()
        if line.strip() and not is_divider:
            break
        last -= 1
    return last
