"""Tests for the question table that a kit's CSV file contains."""

import csv
import io
import re

import pytest

from pages.kits.kit import Kit, Note, Part, Question, QuestionGroup
from pages.kits.question_table import MAX_LABELS, to_csv
from tests.support.kits import WORDS, sample_kit

COUNT = 3 * MAX_LABELS


def read(text):
    """The rows of a CSV file, without the byte order mark."""
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def kit_with(*questions):
    groups = (QuestionGroup("Group", "group", questions),)
    return Kit("interview kit", "Name", "/name", (), (Part("Questions", groups),), WORDS)


def test_each_question_is_a_row_with_its_group_and_notes(sample_site):
    head, *rows = read(to_csv(sample_kit(sample_site[1], "/hire/machine-learning-engineer")))
    assert head == ["number", "group", "question", "What this reveals"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[2][1:] == [
        "Technical Questions",
        "How do you decide between serving a model as a batch job vs. a real-time API?",
        "Architecture trade-off thinking, latency/cost awareness, pragmatism.",
    ]


@pytest.mark.parametrize("url", ["/hire/machine-learning-engineer", "/resources/question-bank"])
def test_each_question_of_the_document_is_in_the_table_with_its_notes(sample_site, url):
    source = sample_site[1].pages[url].full.source.text
    rows = read(to_csv(sample_kit(sample_site[1], url)))
    texts = {text for row in rows for text in row}
    questions = re.findall(r"^\*\*\d+\. (.+)\*\*$", source, re.MULTILINE)
    notes = re.findall(r"^\*(?:What this reveals|Listen for):\* (.+)$", source, re.MULTILINE)
    assert len(questions) == len(rows) - 1 and set(questions) <= texts
    assert len(notes) >= len(questions) and set(notes) <= texts


def test_notes_share_a_column_if_there_are_too_many_labels():
    notes = [Note(f"Label {n}", f"Note {n}.") for n in range(1, COUNT + 1)]
    head, *rows = read(to_csv(kit_with(*(Question(str(n), "Why?", (note,)) for n, note in enumerate(notes, start=1)))))
    assert head[-1] == "other notes" and len(head) == 3 + MAX_LABELS + 1
    assert len(rows) == COUNT
    assert all(any(f"Note {n}." in cell for cell in row) for n, row in enumerate(rows, start=1))


def test_texts_below_a_question_and_notes_with_the_same_label_are_kept():
    question = Question("1", "Why?", (Note("Reveals", "One."), Note("Reveals", "Two.")), ("Ask twice.",))
    assert read(to_csv(kit_with(question)))[1] == ["1", "Group", "Why?\nAsk twice.", "One. Two."]
