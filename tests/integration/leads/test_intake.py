"""Test saving submissions: each is saved once, in the database or, if that fails, in the spool."""

import json
import logging
import sqlite3
from contextlib import closing
from time import monotonic

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction

from layersrank_site import settings as production
from leads import intake, spool
from leads.models import Lead, Message
from tests.support.waiting import PATIENCE

from .conftest import in_parallel, submission

SQLITE = connection.vendor == "sqlite"


def raising(error):
    """Return a function that raises `error`."""

    def function(*arguments):
        raise error

    return function


@pytest.mark.django_db
def test_lead_has_all_values_of_the_submission(settings):
    sent = submission(fields={"name": "Priya", "email": "Priya@Example.com", "phone": "1", "message": "Hello"})
    lead = intake.save_to_database(sent)
    lead.refresh_from_db()
    assert (lead.name, lead.email, lead.company, lead.fields) == ("Priya", "Priya@Example.com", "", sent.fields)
    assert (lead.page, lead.sent_at, lead.consent) == (sent.page, sent.sent_at, sent.consent)
    assert (lead.came_from, lead.referrer_host, lead.campaign) == (sent.came_from, "", sent.campaign)
    assert (lead.reply_subject, lead.reply, lead.quarantine) == (sent.reply_subject, sent.reply, "")
    assert lead.kept_at >= lead.sent_at


@pytest.mark.django_db
def test_database_commits_durably(tmp_path):
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        return
    # In the test settings, commits don't wait for the disk. So check the production settings.
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        database.executescript(production.DATABASES["default"]["OPTIONS"]["init_command"])
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.django_db
def test_repeated_submission_returns_the_existing_lead():
    assert intake.save_to_database(submission()).pk == intake.save_to_database(submission()).pk
    assert Lead.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_corrected_submission_is_a_new_lead():
    intake.save_to_database(submission())
    intake.save_to_database(submission(email="right@example.com"))
    assert Lead.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_parallel_identical_submissions_create_one_lead(settings):
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
def test_database_accepts_any_text_that_the_form_accepts(text):
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
def test_lead_and_messages_are_saved_in_one_transaction(monkeypatch):
    monkeypatch.setattr("leads.outbox._webhook", lambda lead: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        intake.save_to_database(submission())
    assert not Lead.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_previous_release_can_save_leads_in_the_migrated_database():
    """During an upgrade, both releases run. The previous release doesn't know the columns of later migrations."""
    columns = (
        *("key", "page", "sent_at", "kept_at", "name", "email", "company", "fields", "consent", "came_from"),
        *("referrer_host", "campaign", "mailbox", "client", "quarantine", "reply_subject", "reply"),
    )
    intake.save_to_database(submission())
    with connection.cursor() as cursor:
        values = ", ".join("'another'" if name == "key" else name for name in columns)
        cursor.execute(f"INSERT INTO leads_lead ({', '.join(columns)}) SELECT {values} FROM leads_lead")  # noqa: S608
    assert list(Lead.objects.order_by("pk").values_list("opening", "digest")) == [("opening-0", None), ("", None)]


# When the database fails


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("gone"), ImproperlyConfigured("odd"), UnicodeError("odd")])
def test_lead_is_spooled_if_any_error_prevents_saving_to_the_database(monkeypatch, caplog, error):
    monkeypatch.setattr(intake, "save_to_database", raising(error))
    intake.save(submission())
    assert spool.pending_count() == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "saved to the spool" in caplog.text
    assert "example.com" not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not SQLITE, reason="PostgreSQL locks rows, not the database")
def test_lead_spooled_while_the_database_is_locked_is_replayed_once(settings):
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
    intake.save(submission())  # the visitor submits the form again
    assert spool.replay(intake.save_to_database) == 1
    assert spool.replay(intake.save_to_database) == 0
    assert (Lead.objects.count(), Message.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(SQLITE, reason="SQLite is not remote")
def test_lead_spooled_after_a_timeout_is_saved_once(settings):
    settings.DATABASE_SECONDS = 0.3
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_lead")
        started = monotonic()
        intake.save(submission())
        assert monotonic() - started < PATIENCE
        assert spool.pending_count() == 1
    settings.DATABASE_SECONDS = 10
    spool.replay(intake.save_to_database)
    intake.save(submission())
    assert (Lead.objects.count(), Message.objects.count(), spool.pending_count()) == (1, 2, 0)


def test_save_raises_an_error_if_database_and_spool_fail(settings, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    monkeypatch.setattr(intake, "save_to_database", raising(OperationalError("gone")))
    with pytest.raises(intake.NotSaved):
        intake.save(submission())
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]
    assert "example.com" not in caplog.text


def test_spool_record_has_all_values(monkeypatch, spool_dir):
    monkeypatch.setattr(intake, "save_to_database", raising(OperationalError("gone")))
    sent = submission()
    intake.save(sent)
    assert json.loads((spool_dir / "leads.jsonl").read_text()) == json.loads(sent.to_json())
