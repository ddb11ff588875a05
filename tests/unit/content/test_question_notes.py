"""The notes of a question: its level, remarks, the follow-up question, and the signs of good and bad answers."""

import pytest

from tests.support.content_samples import section_of

QUESTION = """\
## SAMPLE QUESTIONS

**1. Why?**

*Level:* Senior

*What this reveals:* Care.

*A strong answer shows:* A reason.

*Red flags:* None.

*Follow-up:* Who agreed?
"""


def question_of(body):
    (group,) = section_of(body).groups
    return group.questions[0]


def labels(notes):
    return [note.label for note in notes]


def test_only_notes_with_a_tone_are_signs():
    question = question_of(QUESTION)
    assert labels(question.levels) == ["Level"]
    assert labels(question.remarks) == ["What this reveals", "Follow-up"]
    assert labels(question.signs) == ["A strong answer shows", "Red flags"]


def test_the_order_of_the_notes_does_not_matter():
    heading, question, *notes = QUESTION.split("\n\n")
    question = question_of("\n\n".join([heading, question, *reversed(notes)]))
    assert labels(question.levels) == ["Level"]
    assert labels(question.remarks) == ["Follow-up", "What this reveals"]
    assert labels(question.signs) == ["Red flags", "A strong answer shows"]


@pytest.mark.parametrize("label", ["Follow-up", "follow up", "Followup", "Follow-up question"])
def test_labels_of_follow_up_questions(label):
    question = question_of(f"## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*{label}:* Who agreed?")
    assert [note.is_follow_up for note in question.remarks] == [True]


@pytest.mark.parametrize("label", ["Level of detail", "What to follow up on"])
def test_labels_that_only_contain_these_words_are_ordinary_notes(label):
    question = question_of(f"## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*{label}:* Much.")
    assert labels(question.remarks) == [label] and not question.remarks[0].is_follow_up
