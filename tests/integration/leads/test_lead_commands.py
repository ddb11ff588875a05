"""Test the management commands deliver, export_leads, set_aside and delete_leads."""

import csv
import os
import re
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

from leads import intake, spool
from leads.management.commands import delete_leads, deliver
from leads.management.commands.export_leads import COLUMNS
from leads.models import Attempt, Lead, Message
from pages.repository import current
from tests.support.waiting import PATIENCE

from ...conftest import ROOT
from .conftest import submission

NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)


def output_of(command, *arguments, **options):
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


# deliver


@pytest.mark.django_db
def test_deliver_sends_all_due_messages_and_prints_counts(mail_server, settings):
    settings.LEAD_LIMITS = dict.fromkeys(settings.LEAD_LIMITS, 100)
    for number in range(30):
        intake.save_to_database(submission(number))
    assert output_of("deliver") == "Messages sent: 60. Messages not sent: 0.\n"
    assert len(mail_server.emails) == 60
    assert output_of("deliver") == "Messages sent: 0. Messages not sent: 0.\n"


@pytest.mark.django_db
def test_deliver_fails_if_a_message_was_not_sent(mail_server):
    intake.save_to_database(submission())
    mail_server.responses = {"DATA": "451 later"}
    with pytest.raises(CommandError, match="stay in the outbox"):
        call_command("deliver", stdout=StringIO())


@pytest.mark.django_db
def test_deliver_fails_if_the_database_fails(monkeypatch):
    def fail(worker):
        raise OperationalError("gone")

    monkeypatch.setattr(deliver.OutboxWorker, "run_once", fail)
    with pytest.raises(CommandError, match="doesn't respond: OperationalError"):
        call_command("deliver", stdout=StringIO())


def test_deliver_with_watch_keeps_running_without_database_tables_until_sigterm(tmp_path):
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
        assert any("the database doesn't respond" in line for line in lines)
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=PATIENCE)[1]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert process.returncode == 0
    assert "Traceback" not in rest


# export_leads


def exported_rows(*arguments):
    return list(csv.DictReader(StringIO(output_of("export_leads", *arguments).removeprefix("\ufeff"), newline="")))


@pytest.mark.django_db
def test_export_has_the_expected_columns_and_values():
    intake.save_to_database(
        submission(0, sent_at=NOW, fields={"name": "Zoë, “Z”", "email": "z@example.com", "message": "a\r\nb"})
    )
    intake.save_to_database(submission(1, sent_at=NOW - timedelta(days=1)))
    rows = exported_rows("--format", "csv")
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
def test_export_includes_held_back_leads_on_request():
    intake.save_to_database(submission(suspicion="honeypot"))
    assert exported_rows() == []
    assert [row["quarantine"] for row in exported_rows("--held-back")] == ["honeypot"]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["=1+1", "+1 2", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"])
def test_export_escapes_cells_that_look_like_formulas(value):
    fields = dict.fromkeys(("name", "company", "phone", "role", "message"), value) | {"email": "=1@example.com"}
    intake.save_to_database(submission(fields=fields, consent=value, came_from=value, campaign={value: value}))
    (row,) = exported_rows()
    cells = [row[name] for name in (*fields, "consent", "came_from", "campaign")]
    assert [cell for cell in cells if not cell.startswith("'")] == []


@pytest.mark.django_db
def test_exported_cells_are_quoted_and_have_no_control_characters():
    fields = {"name": "\x1b[2J\x9b2J=1", "email": "p@example.com", "message": "a;=1+1;b\r\n+1\x07"}
    intake.save_to_database(submission(fields=fields))
    output = output_of("export_leads")
    assert output.startswith("\ufeff")
    output = output.removeprefix("\ufeff")
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", output)
    assert f'"{COLUMNS[0]}","{COLUMNS[1]}",' in output
    (row,) = csv.DictReader(StringIO(output, newline=""))
    assert (row["name"], row["message"]) == ("[2J2J=1", "a;'=1+1;b\r\n'+1")


# set_aside


@pytest.mark.django_db
def test_all_records_that_were_set_aside_are_shown_and_complete_ones_are_replayed(spool_dir):
    assert output_of("set_aside") == "no records are set aside\n"
    spool.append(submission(sent_at=NOW))
    (spool_dir / "leads.jsonl").rename(spool_dir / "aside.jsonl")
    assert output_of("set_aside") == (
        "complete record: sent 2027-03-31 12:00 UTC from '/start' by 'visitor0@example.com'\n"
    )
    with (spool_dir / "aside.jsonl").open("ab") as file:
        file.write(b'\n{"torn": "\x1b[2J\xff\n')
    assert output_of("set_aside").endswith('an incomplete record (15 characters): \'{"torn": "\\x1b[2J\\udcff\'\n')
    out = StringIO()
    with pytest.raises(CommandError, match="records that can't be saved: 1"):
        call_command("set_aside", "--replay", stdout=out)
    assert out.getvalue().startswith("1 saved\nan incomplete record")
    (spool_dir / "aside.jsonl").unlink()
    assert output_of("set_aside", "--replay") == "0 saved\nno records are set aside\n"
    assert Lead.objects.count() == 1


@pytest.mark.django_db
def test_records_that_were_set_aside_are_kept_if_the_database_fails_during_a_replay(spool_dir, monkeypatch):
    def fail(submission):
        raise OperationalError("gone")

    spool.append(submission())
    (spool_dir / "leads.jsonl").rename(spool_dir / "aside.jsonl")
    monkeypatch.setattr(intake, "save_to_database", fail)
    with pytest.raises(CommandError, match="doesn't respond: OperationalError"):
        output_of("set_aside", "--replay")
    assert len(spool.set_aside()) == 1


# delete_leads


@pytest.mark.django_db
def test_leads_older_than_the_given_age_are_deleted_with_their_messages():
    now = timezone.now()
    for days in (0, 89, 91, 800):
        lead = intake.save_to_database(submission(days, sent_at=now - timedelta(days=days)))
        Attempt.objects.create(message=lead.messages.first(), at=now)
    assert "Leads deleted: 2" in output_of("delete_leads", "--older-than", "90d")
    assert Lead.objects.count() == Attempt.objects.count() == 2
    assert Message.objects.count() == 4
    assert "Leads deleted: 0" in output_of("delete_leads", "--older-than", "24m")


@pytest.mark.parametrize(
    ("age", "now", "expected"),
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
def test_age_is_in_days_or_calendar_months(monkeypatch, age, now, expected):
    monkeypatch.setattr(delete_leads.timezone, "now", lambda: now)
    assert delete_leads.cutoff(age) == expected


@pytest.mark.parametrize("age", ["", "24", "m", "0d", "-1d", "24M", "24 m", "1y", "1.5m", "99999m", "٢m"])
def test_invalid_age_is_refused_with_an_example(age):
    with pytest.raises(ArgumentTypeError, match="24m or 90d"):
        delete_leads.cutoff(age)


@pytest.mark.django_db
def test_nothing_is_deleted_without_a_valid_age():
    intake.save_to_database(submission(sent_at=NOW - timedelta(days=9_000)))
    with pytest.raises(CommandError):
        call_command("delete_leads")
    with pytest.raises(CommandError, match="24m or 90d"):
        call_command("delete_leads", "--older-than", "never")
    assert Lead.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("promise", "age", "is_allowed"),
    [
        ("24 months", "24m", True),
        ("24 months", "90d", True),
        ("24 months", "25m", False),
        ("90 days", "90d", True),
        ("90 days", "91d", False),
        ("90 days", "4m", False),
        ("as long as we need them", "999m", True),
    ],
)
def test_leads_are_never_kept_longer_than_the_site_promises(content, promise, age, is_allowed):
    facts = (content / "facts.toml").read_text()
    (content / "facts.toml").write_text(facts.replace('value = "24 months"', f'value = "{promise}"'))
    current.reset()
    if is_allowed:
        assert "Leads deleted: 0" in output_of("delete_leads", "--older-than", age)
    else:
        with pytest.raises(CommandError, match=f"kept.leads in facts.toml promises .* {promise}"):
            call_command("delete_leads", "--older-than", age)


def test_the_documented_retention_period_is_the_fact_on_the_privacy_page():
    ages = set(re.findall(r"delete_leads --older-than (\S+)", (ROOT / "docs" / "operations.md").read_text()))
    months = current.site_settings().facts.value("kept.leads").removesuffix(" months")
    assert ages == {f"{months}m"}
    assert f"{months} months" in current.visible_pages().page("/privacy").plain_text
