"""The questions of a kit as a table, for workbooks and CSV."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from .. import csv_format
from ..content.page_files import QUESTION_BANK
from .kit import Kit, Question, QuestionGroup, joined_notes

# At most this many labels have their own column, because each column adds a cell to every row. The remaining labels
# share one column.
MAX_LABELS = 20


@dataclass(frozen=True)
class QuestionTable:
    """The columns are the number, the group, the question, and one column for each label of the notes.

    All rows have as many cells as `head`.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def question_table(kit: Kit) -> QuestionTable:
    questions = [(group, question) for group in kit.groups for question in group.questions]
    labels = list(dict.fromkeys(note.label for _, question in questions for note in question.notes))
    shown, others = labels[:MAX_LABELS], frozenset(labels[MAX_LABELS:])
    words = kit.words.labels
    group = words["competency" if kit.kind == QUESTION_BANK else "group"]
    head = (words["number"], group, words["question"], *shown, *([words["other notes"]] if others else []))
    return QuestionTable(head, tuple(tuple(_cells(*pair, shown, others)) for pair in questions))


def to_csv(kit: Kit) -> str:
    """Return all questions of `kit` as CSV (RFC 4180)."""
    table = question_table(kit)
    out = io.StringIO()
    csv_format.write_rows(out, (table.head, *table.rows))
    return out.getvalue()


def _cells(group: QuestionGroup, question: Question, shown: list[str], others: frozenset[str]) -> Iterator[str]:
    notes = {label: note.text for label, note in joined_notes(question.notes).items()}
    yield from (question.number, group.name, "\n".join([question.text, *question.texts]))
    yield from (notes.get(label, "") for label in shown)
    if others:
        yield " ".join(f"{label}: {text}" for label, text in notes.items() if label in others)
