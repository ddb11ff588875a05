"""Question banks as CSV."""

from __future__ import annotations

import io
from collections.abc import Iterable

from .. import csv_format
from ..content.sections.questions import Questions


def to_csv(banks: Iterable[Questions]) -> str:
    """Return all questions as CSV (RFC 4180): number, competency, question, and a column for each note label."""
    rows = [(group, question) for bank in banks for group in bank.groups for question in group.questions]
    labels = list(dict.fromkeys(note.label for _, question in rows for note in question.notes))
    table: list[list[object]] = [["Number", "Competency", "Question", *labels]]
    for group, question in rows:
        notes = {note.label: note.plain for note in question.notes}
        table.append([question.number, group.name, question.plain, *(notes.get(label, "") for label in labels)])
    text = io.StringIO()
    csv_format.write_rows(text, table)
    return text.getvalue()
