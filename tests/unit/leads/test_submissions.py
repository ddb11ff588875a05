"""What a visitor sent as one value: its key, its mailbox, and the line of the spool."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from leads.forms import LONGEST_ADDRESS, check_address
from leads.submissions import Submission, from_json, mailbox

from ...integration.leads.conftest import submission

SENT_AT = datetime(2027, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_the_key_is_the_same_for_what_is_sent_twice_and_for_nothing_else():
    first = submission(sent_at=SENT_AT)
    again = submission(sent_at=datetime.now(UTC), client="elsewhere", suspicion="too-fast", consent="other words")
    assert again.key == first.key
    assert len(first.key) == 64
    others = [
        submission(1, fields=first.fields),
        submission(page="/contact"),
        submission(email="else@example.com"),
        submission(fields={**first.fields, "name": "Priya  Raman"}),
        submission(fields={**first.fields, "phone": ""}),
    ]
    assert len({first.key, *(other.key for other in others)}) == 6


def test_fields_do_not_run_into_each_other():
    keys = {
        submission(fields={"email": "e", "name": "a", "role": "b"}).key,
        submission(fields={"email": "e", "name": 'a"], ["role', "role": "b"}).key,
        submission(fields={"email": "e", "name": "ab", "role": ""}).key,
    }
    assert len(keys) == 3


def test_the_order_of_the_fields_does_not_matter():
    fields = submission().fields
    assert submission(fields=dict(reversed(fields.items()))).key == submission(fields=fields).key


@pytest.mark.parametrize(
    ("email", "same"),
    [
        ("Priya@Example.COM", "priya@example.com"),
        ("priya+a+b@example.com", "priya@example.com"),
        ("p.r.i.y.a+x@gmail.com", "priya@gmail.com"),
        ("Priya@GoogleMail.com", "priya@gmail.com"),
        ("p.riya@example.com", "p.riya@example.com"),
        ("priya@BÜCHER.example", "priya@xn--bcher-kva.example"),
        ("priya@xn--bcher-kva.example", "priya@xn--bcher-kva.example"),
    ],
)
def test_a_mailbox_is_one_however_its_address_is_written(email, same):
    assert mailbox(email) == same


@example("\u2024")  # which becomes a period
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), min_size=1, max_size=80))
def test_every_address_that_a_form_takes_has_a_mailbox_that_a_database_holds(domain):
    email = f"Priya.Raman+x@{domain}.example"
    with suppress(ValidationError):
        check_address(email)
        found = mailbox(email)
        assert found.isascii()
        assert len(found) <= LONGEST_ADDRESS
        assert mailbox(found) == found


@given(st.dictionaries(words, words, max_size=3), words, st.datetimes(timezones=st.just(UTC)))
def test_a_line_of_the_spool_brings_back_what_was_sent(fields, text, sent_at):
    sent = submission(fields={**fields, "email": text}, consent=text, sent_at=sent_at)
    line = sent.to_json()
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert from_json(line) == sent
    assert from_json(line).key == sent.key


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        '"text"',
        "{}",
        submission().to_json()[:-1],
        json.dumps({**json.loads(submission().to_json()), "more": 1}),
        json.dumps({**json.loads(submission().to_json()), "sent_at": "yesterday"}),
        json.dumps({**json.loads(submission().to_json()), "sent_at": 7}),
    ],
)
def test_what_is_no_record_says_so(line):
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_json(line)


def test_no_beginning_of_a_record_passes_for_one():
    line = submission().to_json()
    for end in range(len(line)):
        with pytest.raises(json.JSONDecodeError):
            from_json(line[:end])


def test_a_submission_cannot_be_changed():
    with pytest.raises(AttributeError):
        submission().page = "/else"
    assert isinstance(submission(), Submission)
