"""Automatic fixes: apply edits to a document's text to correct its problems."""

from __future__ import annotations

from collections.abc import Iterable

from .problems import Edit, Problem


def apply_fixes(text: str, problems: Iterable[Problem]) -> str:
    """Return `text` with the edits of `problems` applied. Newlines stay as they are.

    If edits overlap, only the rightmost is applied. To apply the others, check the new text and call this function
    again.
    """
    lines = text.split("\n")
    edits = {edit for problem in problems for edit in problem.edits}
    starts: dict[int, int] = {}  # the leftmost edited column of each edited line
    for edit in sorted(edits, key=lambda edit: (-edit.line, -edit.column, edit.text)):
        if edit.column + edit.length <= starts.get(edit.line, len(lines[edit.line - 1]) + 2):
            starts[edit.line] = edit.column
            _apply(edit, lines)
    return "\n".join(lines)


def _apply(edit: Edit, lines: list[str]) -> None:
    index = edit.line - 1
    if edit.deletes_line:
        del lines[index]
        return
    start = edit.column - 1
    lines[index] = lines[index][:start] + edit.text + lines[index][start + edit.length :]
