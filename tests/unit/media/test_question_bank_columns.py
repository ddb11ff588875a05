"""Test that a question bank's CSV has a limited number of columns, whatever labels its notes have."""

import csv
import io

from pages.media.question_bank_csv import MAX_LABELS, to_csv
from tests.support.content_samples import HEADER, read

COUNT = 3 * MAX_LABELS


def test_notes_share_a_column_if_there_are_too_many_labels():
    questions = "".join(f"**{n}. Why?**\n\n*Label {n}:* Note {n}.\n\n" for n in range(1, COUNT + 1))
    groups = "".join(f"### Group {n}\n\n" for n in range(4)) + "### Group 4\n\n"
    page = read(f"{HEADER}\n## SAMPLE QUESTIONS\n\n{groups}{questions}")
    questions_section = next(section for section in page.sections if section.kind == "questions")
    head, *rows = csv.reader(io.StringIO(to_csv([questions_section]).removeprefix("\ufeff")))
    assert head[-1] == "Other notes" and len(head) == 3 + MAX_LABELS + 1
    assert len(rows) == COUNT
    assert all(any(f"Note {n}." in cell for cell in row) for n, row in enumerate(rows, start=1))
