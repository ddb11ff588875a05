"""Find the HTML comments in a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

# An escaped character, backticks that may start a code span, or the start of a comment.
_MARK = re.compile(r"\\[^\n]|`+|<!--")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_VISIBLE = re.compile(r"[^\n]")


def find_comments(text: str, code_lines: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each comment in `text`. `code_lines` are the lines in blocks of code.

    A comment that starts in the middle of a line must end in the same paragraph. Otherwise, the page shows it as text.
    """
    lines = enumerate(text.split("\n"), start=1)
    text = "\n".join(_VISIBLE.sub(" ", line) if number in code_lines else line for number, line in lines)
    position = 0
    while mark := _MARK.search(text, position):
        position = mark.end()
        if mark[0][0] == "`":
            position = _code_end(text, mark[0], position)
        elif mark[0] == "<!--":
            end = text.find("-->", position) + 3
            if end < 3:
                return
            if not _BLANK_LINE.search(text, position, end) or _is_alone(text, mark.start(), end):
                yield mark.start(), end
                position = end


def _code_end(text: str, backticks: str, position: int) -> int:
    """Return where a code span ends. `position` is the end of its opening `backticks`.

    If the code span doesn't end in the same line, return `position`.
    """
    line_end = text.find("\n", position)
    end = re.compile(rf"(?<!`){backticks}(?!`)").search(text, position, len(text) if line_end < 0 else line_end)
    return end.end() if end else position


def _is_alone(text: str, start: int, end: int) -> bool:
    """Return whether there is no other text on the lines of the comment."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : len(text) if (line_end := text.find("\n", end)) < 0 else line_end]
    return not before.strip() and not after.strip()
