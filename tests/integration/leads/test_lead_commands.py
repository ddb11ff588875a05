"""What whoever runs the site types: deliver, export_leads, delete_leads."""

import csv
import os
import signal
import subprocess
import sys
from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from leads import intake
from leads.management.commands import delete_leads, deliver
from leads.management.commands.export_leads import COLUMNS, FORMULA, neutral
from leads.models import Attempt, Lead, Message
from pages.repository import current

from .conftest import submission

NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)


def said(command, *arguments, **options):
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


# deliver


@pytest.mark.django_db
def test_deliver_sends_all_that_is_due_and_says_how_much(mailing, settings):
    settings.LEAD_CAPS = {"client": 100, "recipient": 100, "all": 100}
    for number in range(30):
        intake.save_to_database(submission(number))
    assert said("deliver") == "60 sent, 0 not sent\n"
    assert len(mailing.mails) == 60
    assert said("deliver") == "0 sent, 0 not sent\n"


@pytest.mark.django_db
def test_deliver_fails_where_something_was_not_sent(mailing):
    intake.save_to_database(submission())
    mailing.answers = {"DATA": "451 later"}
    with pytest.raises(CommandError, match="stays in the outbox"):
        call_command("deliver", stdout=StringIO())


@pytest.mark.django_db
def test_deliver_fails_where_the_database_does(monkeypatch):
    def gone(postman):
        raise OperationalError("gone")

    monkeypatch.setattr(deliver.OutboxWorker, "run_once", gone)
    with pytest.raises(CommandError, match="does not answer: OperationalError"):
        call_command("deliver", stdout=StringIO())


def test_deliver_watches_though_the_database_is_gone_until_it_is_told_to_stop(tmp_path):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'without-tables.sqlite3'}",
        "SPOOL_DIR": str(tmp_path / "spool"),
    }
    command = [sys.executable, "manage.py", "deliver", "--watch"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
    try:
        lines = iter(process.stderr.readline, "")
        assert any("the database does not answer" in line for line in lines)
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=20)[1]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert process.returncode == 0
    assert "Traceback" not in rest


# export_leads


def table(*arguments):
    return list(csv.DictReader(StringIO(said("export_leads", *arguments), newline="")))


@pytest.mark.django_db
def test_leads_are_a_table():
    intake.save_to_database(
        submission(0, sent_at=NOW, fields={"name": "Zoë, “Z”", "email": "z@example.com", "message": "a\r\nb"})
    )
    intake.save_to_database(submission(1, sent_at=NOW - timedelta(days=1)))
    rows = table("--format", "csv")
    assert [row["email"] for row in rows] == ["visitor1@example.com", "z@example.com"]
    assert set(rows[0]) == set(COLUMNS)
    assert rows[1] == {
        "sent_at": "2027-03-31T12:00:00+00:00",
        "page": "/start",
        "name": "Zoë, “Z”",
        "email": "z@example.com",
        "company": "",
        "phone": "",
        "role": "",
        "message": "a\r\nb",
        "consent": "They may keep it.",
        "came_from": "/hire/data-engineer",
        "referrer_host": "",
        "campaign": "utm_source=letter",
        "quarantine": "",
    }


@pytest.mark.django_db
def test_those_that_are_held_back_are_in_it_where_they_are_asked_for():
    intake.save_to_database(submission(suspicion="honeypot"))
    assert table() == []
    assert [row["quarantine"] for row in table("--held-back")] == ["honeypot"]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["=1+1", "+1 2", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"])
def test_no_cell_is_a_formula(value):
    fields = dict.fromkeys(("name", "company", "phone", "role", "message"), value) | {"email": "=1@example.com"}
    intake.save_to_database(submission(fields=fields, consent=value, came_from=value, campaign={value: value}))
    (row,) = table()
    assert [cell for cell in row.values() if cell.startswith(FORMULA)] == []
    assert row["name"] == f"'{value}"


@pytest.mark.parametrize("value", ["", "Priya", "a=b", "'=1", " =1"])
def test_what_is_none_stays_as_it_is(value):
    assert neutral(value) == value


# delete_leads


@pytest.mark.django_db
def test_what_is_older_is_deleted_with_all_that_was_told_of_it():
    now = timezone.now()
    for days in (0, 89, 91, 800):
        lead = intake.save_to_database(submission(days, sent_at=now - timedelta(days=days)))
        Attempt.objects.create(message=lead.messages.first(), at=now)
    assert "2 leads deleted" in said("delete_leads", "--older-than", "90d")
    assert Lead.objects.count() == Attempt.objects.count() == 2
    assert Message.objects.count() == 4
    assert "0 leads deleted" in said("delete_leads", "--older-than", "24m")


@pytest.mark.parametrize(
    ("age", "now", "then"),
    [
        ("24m", NOW, datetime(2025, 3, 31, 12, tzinfo=UTC)),
        ("1m", NOW, datetime(2027, 2, 28, 12, tzinfo=UTC)),
        ("13m", datetime(2029, 3, 31, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
        ("3m", datetime(2027, 3, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        ("12m", datetime(2028, 2, 29, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
        ("90d", NOW, NOW - timedelta(days=90)),
        ("9999m", NOW, datetime(1193, 12, 31, 12, tzinfo=UTC)),
        ("9999d", NOW, NOW - timedelta(days=9999)),
    ],
)
def test_an_age_is_in_days_or_months_of_the_calendar(monkeypatch, age, now, then):
    monkeypatch.setattr(delete_leads.timezone, "now", lambda: now)
    assert delete_leads.cutoff(age) == then


@pytest.mark.parametrize("age", ["", "24", "m", "0d", "-1d", "24M", "24 m", "1y", "1.5m", "99999m", "٢m"])
def test_what_is_no_age_is_refused_in_words_that_say_how(age):
    with pytest.raises(ArgumentTypeError, match="24m or 90d"):
        delete_leads.cutoff(age)


@pytest.mark.django_db
def test_nothing_is_deleted_without_an_age():
    intake.save_to_database(submission(sent_at=NOW - timedelta(days=9_000)))
    with pytest.raises(CommandError):
        call_command("delete_leads")
    with pytest.raises(CommandError, match="24m or 90d"):
        call_command("delete_leads", "--older-than", "never")
    assert Lead.objects.count() == 1


def test_the_privacy_page_names_the_age_that_the_command_takes():
    assert "24 months" in current.visible_pages().page("/privacy").plain_text
