"""Question banks as CSV."""

from __future__ import annotations

import io
from collections.abc import Iterable

from .. import csv_format
from ..content.sections.questions import Questions

# At most this many labels of notes, such as “Red flags”, have their own column, because each column adds a cell to
# every row. Further labels share one column.
MAX_LABELS = 20


def to_csv(banks: Iterable[Questions]) -> str:
    """Return all questions as CSV (RFC 4180).

    The columns are the number, the competency, the question, and one column for each label of the notes.
    """
    rows = [(group, question) for bank in banks for group in bank.groups for question in group.questions]
    all_labels = list(dict.fromkeys(note.label for _, question in rows for note in question.notes))
    labels, other_labels = all_labels[:MAX_LABELS], frozenset(all_labels[MAX_LABELS:])
    other_header = ["Other notes"] if other_labels else []
    table: list[list[object]] = [["Number", "Competency", "Question", *labels, *other_header]]
    for group, question in rows:
        notes = {note.label: note.plain for note in question.notes}
        row: list[object] = [question.number, group.name, question.plain, *(notes.get(label, "") for label in labels)]
        if other_labels:
            row.append(" ".join(f"{label}: {text}" for label, text in notes.items() if label in other_labels))
        table.append(row)
    out = io.StringIO()
    csv_format.write_rows(out, table)
    return out.getvalue()
