"""Kept: once however often it is sent, on a disk whatever the database does, or not thanked for."""

import json
import logging
import sqlite3
from threading import Event
from time import monotonic

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction

from leads import intake, spool
from leads.models import Lead, Message

from .conftest import in_parallel, submission

SQLITE = connection.vendor == "sqlite"


def breaks(error):
    """What raises `error` whatever it is called with."""

    def broken(*arguments):
        raise error

    return broken


@pytest.mark.django_db
def test_a_lead_is_one_row_with_all_that_was_sent(settings):
    sent = submission(fields={"name": "Priya", "email": "Priya@Example.com", "phone": "1", "message": "Hello"})
    lead = intake.save_to_database(sent)
    lead.refresh_from_db()
    assert (lead.name, lead.email, lead.company, lead.fields) == ("Priya", "Priya@Example.com", "", sent.fields)
    assert (lead.page, lead.sent_at, lead.consent) == (sent.page, sent.sent_at, sent.consent)
    assert (lead.came_from, lead.referrer_host, lead.campaign) == (sent.came_from, "", sent.campaign)
    assert (lead.reply_subject, lead.reply, lead.quarantine) == (sent.reply_subject, sent.reply, "")
    assert lead.kept_at >= lead.sent_at


@pytest.mark.django_db
def test_a_commit_is_on_the_disk_when_it_returns():
    asked = {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2} if SQLITE else {"SHOW synchronous_commit": "on"}
    with connection.cursor() as cursor:
        for question, answer in asked.items():
            cursor.execute(question)
            assert cursor.fetchone() == (answer,)


@pytest.mark.django_db
def test_what_is_sent_again_is_the_lead_that_there_is():
    assert intake.save_to_database(submission()).pk == intake.save_to_database(submission()).pk
    assert Lead.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_what_is_sent_again_with_other_words_is_another():
    intake.save_to_database(submission())
    intake.save_to_database(submission(email="right@example.com"))
    assert Lead.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_of_the_same_at_once_are_one_row_and_one_set_of_messages(settings):
    settings.WEBHOOK_URL = "https://hooks.example/"
    in_parallel(lambda number: intake.save(submission()), 20)
    assert Lead.objects.count() == 1
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["reply", "sales", "webhook"]
    assert spool.pending_count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "\u202egnp.exe\u202c",
        "\U0001f469\u200d\U0001f3ed",
        "\x01\x1b[31m\x7f",
        "नमस्ते",
        "'; DROP TABLE leads_lead; --",
        "%s %(a)s {0}",
        "\\u0000 \\x00",
        "x" * 40_000,
    ],
)
def test_the_database_takes_whatever_a_form_lets_through(text):
    sent = submission(
        page="/" + "p" * 5_000,
        fields={"name": "n" * 200, "email": "e@" + "x." * 120 + "example", "message": text},
        consent=text,
        reply_subject="s" * 5_000,
        reply=text,
        campaign={text[:200]: text[:200]},
    )
    lead = intake.save_to_database(sent)
    lead.refresh_from_db()
    assert lead.fields["message"] == lead.consent == lead.reply == text


@pytest.mark.django_db
def test_the_lead_and_what_is_to_be_told_are_written_together_or_not_at_all(monkeypatch):
    monkeypatch.setattr("leads.outbox._webhook", lambda lead: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        intake.save_to_database(submission())
    assert not Lead.objects.exists()
    assert not Message.objects.exists()


# When the database fails


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("gone"), ImproperlyConfigured("odd"), UnicodeError("odd")])
def test_whatever_breaks_the_lead_waits_in_the_spool(monkeypatch, caplog, error):
    monkeypatch.setattr(intake, "save_to_database", breaks(error))
    intake.save(submission())
    assert spool.pending_count() == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "waits in the spool" in caplog.text
    assert "example.com" not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not SQLITE, reason="PostgreSQL locks rows")
def test_a_database_that_is_locked_for_long_sends_it_to_the_spool_and_replay_brings_it_back_once(settings):
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 100")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        intake.save(submission())
        assert (Lead.objects.count(), spool.pending_count()) == (0, 1)
        other.execute("ROLLBACK")
    finally:
        other.close()
    intake.save(submission())  # the visitor sends it again
    assert spool.replay(intake.save_to_database) == 1
    assert spool.replay(intake.save_to_database) == 0
    assert (Lead.objects.count(), Message.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(SQLITE, reason="SQLite is not remote")
def test_a_database_that_answers_too_late_sends_it_to_the_spool_and_the_lead_is_one_all_the_same(settings):
    settings.DATABASE_SECONDS = 0.3
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_lead")
        started = monotonic()
        intake.save(submission())
        assert monotonic() - started < 3
        assert spool.pending_count() == 1
    settings.DATABASE_SECONDS = 10
    spool.replay(intake.save_to_database)
    intake.save(submission())
    assert (Lead.objects.count(), Message.objects.count(), spool.pending_count()) == (1, 2, 0)


def test_when_nothing_can_be_written_that_is_said(settings, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    monkeypatch.setattr(intake, "save_to_database", breaks(OperationalError("gone")))
    with pytest.raises(intake.NotSaved):
        intake.save(submission())
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]
    assert "example.com" not in caplog.text


# What takes too long


def test_work_within_its_time_returns_or_raises_what_it_does():
    assert intake.run_with_timeout(5, lambda: 7) == 7
    assert intake.run_with_timeout(5, lambda: None) is None
    with pytest.raises(ZeroDivisionError):
        intake.run_with_timeout(5, lambda: 1 / 0)


def test_work_that_takes_longer_is_left_to_itself():
    free, ended = Event(), Event()

    def work():
        free.wait(10)
        ended.set()

    with pytest.raises(TimeoutError):
        intake.run_with_timeout(0.05, work)
    free.set()
    assert ended.wait(10)


def test_a_record_of_the_spool_holds_everything(monkeypatch, spool):
    monkeypatch.setattr(intake, "save_to_database", breaks(OperationalError("gone")))
    sent = submission()
    intake.save(sent)
    assert json.loads((spool / "leads.jsonl").read_text()) == json.loads(sent.to_json())
