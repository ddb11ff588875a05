"""Mends what has one right answer: the edits that problems carry, made to a document's text."""

from __future__ import annotations

from collections.abc import Iterable

from .problems import Edit, Problem


def apply_fixes(text: str, problems: Iterable[Problem]) -> str:
    """`text`, with its newlines as they are, after the edits of `problems`. Of edits that overlap the first is made;
    the others are for the next run."""
    lines = text.split("\n")
    edits = {edit for problem in problems for edit in problem.edits}
    taken: dict[int, int] = {}
    for edit in sorted(edits, key=lambda edit: (-edit.line, -edit.column, edit.text)):
        if edit.column + edit.length <= taken.get(edit.line, len(lines[edit.line - 1]) + 2):
            taken[edit.line] = edit.column
            _make(edit, lines)
    return "\n".join(lines)


def _make(edit: Edit, lines: list[str]) -> None:
    index = edit.line - 1
    if edit.deletes:
        del lines[index]
        return
    start = edit.column - 1
    lines[index] = lines[index][:start] + edit.text + lines[index][start + edit.length :]
