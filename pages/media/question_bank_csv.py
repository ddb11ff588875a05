"""Question banks as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ..content.sections.questions import Questions


def to_csv(banks: Iterable[Questions]) -> str:
    """Return all questions as CSV (RFC 4180): number, competency, question, and a column for each note label."""
    rows = [(group, question) for bank in banks for group in bank.groups for question in group.questions]
    labels = list(dict.fromkeys(note.label for _, question in rows for note in question.notes))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Number", "Competency", "Question", *labels])
    for group, question in rows:
        notes = {note.label: note.plain for note in question.notes}
        writer.writerow([question.number, group.name, question.plain, *(notes.get(label, "") for label in labels)])
    return text.getvalue()
