"""Test submissions: the idempotency key, the normalized mailbox and the JSON line."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from leads.email_addresses import MAX_EMAIL_LENGTH, normalize_mailbox, validate_address
from leads.submissions import Submission, from_json

from ...integration.leads.conftest import submission

SENT_AT = datetime(2027, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_only_repeated_submissions_have_the_same_key():
    first = submission(sent_at=SENT_AT)
    again = submission(sent_at=datetime.now(UTC), client="elsewhere", suspicion="too-fast", consent="other text")
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


def test_key_separates_fields():
    keys = {
        submission(fields={"email": "e", "name": "a", "role": "b"}).key,
        submission(fields={"email": "e", "name": 'a"], ["role', "role": "b"}).key,
        submission(fields={"email": "e", "name": "ab", "role": ""}).key,
    }
    assert len(keys) == 3


def test_key_ignores_the_order_of_fields():
    fields = submission().fields
    assert submission(fields=dict(reversed(fields.items()))).key == submission(fields=fields).key


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("Priya@Example.COM", "priya@example.com"),
        ("priya+a+b@example.com", "priya@example.com"),
        ("p.r.i.y.a+x@gmail.com", "priya@gmail.com"),
        ("Priya@GoogleMail.com", "priya@gmail.com"),
        ("p.riya@example.com", "p.riya@example.com"),
        ("priya@BÜCHER.example", "priya@xn--bcher-kva.example"),
        ("priya@straße.example", "priya@xn--strae-oqa.example"),
        ("priya@☃.example", "priya@☃.example"),
        ("priya@xn--bcher-kva.example", "priya@xn--bcher-kva.example"),
    ],
)
def test_equivalent_email_addresses_have_the_same_mailbox(email, expected):
    assert normalize_mailbox(email) == expected


@example("\u2024")  # which becomes a period
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), min_size=1, max_size=80))
def test_mailbox_of_any_valid_address_is_ascii_and_within_the_length_limit(domain):
    email = f"Priya.Raman+x@{domain}.example"
    with suppress(ValidationError):
        validate_address(email)
        mailbox = normalize_mailbox(email)
        assert mailbox.isascii()
        assert len(mailbox) <= MAX_EMAIL_LENGTH
        assert normalize_mailbox(mailbox) == mailbox


@given(st.dictionaries(texts, texts, max_size=3), texts, st.datetimes(timezones=st.just(UTC)))
def test_json_round_trip(fields, text, sent_at):
    original = submission(fields={**fields, "email": text}, consent=text, sent_at=sent_at)
    line = original.to_json()
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert from_json(line) == original
    assert from_json(line).key == original.key


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
        "[" * 100_000,
        json.dumps({**json.loads(submission().to_json()), "more": 1}),
        json.dumps({**json.loads(submission().to_json()), "sent_at": "yesterday"}),
        json.dumps({**json.loads(submission().to_json()), "sent_at": 7}),
    ],
)
def test_malformed_records_raise(line):
    with pytest.raises(ValueError):  # noqa: PT011  the message doesn't matter
        from_json(line)


def test_incomplete_records_raise():
    line = submission().to_json()
    for end in range(len(line)):
        with pytest.raises(json.JSONDecodeError):
            from_json(line[:end])


def test_submission_is_immutable():
    with pytest.raises(AttributeError):
        submission().page = "/else"
    assert isinstance(submission(), Submission)
