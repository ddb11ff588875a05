"""/readyz: what is not well, told to whoever asks, and nothing of anybody's."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from leads import health, intake, spool
from leads.models import Message

from .conftest import submission

ALL_WELL = {
    "unwell": [],
    "database": "ok",
    "spool": "ok",
    "spooled": 0,
    "oldest_spooled_seconds": 0,
    "put_aside": 0,
    "undelivered": 0,
    "oldest_undelivered_seconds": 0,
    "dead_letters": 0,
}


# What is told beside the leads: see tests/integration/serving/test_readiness.py.
OTHERS = {"notes", "disk_free_mb", "content_errors", "content_warnings"}


@pytest.fixture
def asked(client):
    def ask(**headers):
        answer = client.get("/readyz", **headers)
        assert answer["Cache-Control"] == "no-store"
        assert answer.status_code == (503 if answer.json()["unwell"] else 200)
        assert "example.com" not in answer.content.decode()
        return {name: value for name, value in answer.json().items() if name not in OTHERS}

    return ask


def told(**changes):
    intake.save_to_database(submission())
    Message.objects.update(**changes)


@pytest.mark.django_db(transaction=True)
def test_all_is_well(asked):
    assert asked() == ALL_WELL


@pytest.mark.django_db(transaction=True)
def test_it_is_answered_whatever_the_host_and_with_the_headers_of_all_answers(client):
    answer = client.get("/readyz", headers={"Host": "10.0.0.4:8000"})
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.head("/readyz").status_code == 200
    assert not answer.cookies


@pytest.mark.django_db(transaction=True)
def test_a_message_that_waits_is_counted_and_one_that_waits_long_is_unwell(asked):
    told()
    assert asked()["unwell"] == []
    assert asked()["undelivered"] == 1
    Message.objects.update(created_at=timezone.now() - health.MAX_OUTBOX_AGE - timedelta(minutes=1))
    found = asked()
    assert "deliver" in found["unwell"][0]
    assert 960 <= found["oldest_undelivered_seconds"] < 1_000


@pytest.mark.django_db(transaction=True)
def test_a_message_that_was_given_up_is_unwell(asked):
    told(state="dead")
    found = asked()
    assert found["dead_letters"] == 1
    assert len(found["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_wrong_address_of_a_visitor_makes_nothing_unwell(asked):
    told()
    Message.objects.filter(kind="sales").update(state="sent")
    Message.objects.filter(kind="reply").update(state="dead", created_at=timezone.now() - timedelta(days=9))
    assert asked() == ALL_WELL
    Message.objects.filter(kind="reply").update(state="pending")
    assert asked() == ALL_WELL


@pytest.mark.django_db(transaction=True)
def test_what_waits_long_in_the_spool_while_the_database_answers_is_unwell(asked, settings):
    spool.append(submission())
    assert asked() == ALL_WELL | {"spooled": 1}
    (settings.SPOOL_DIR / "leads.jsonl").unlink()
    spool.append(submission(sent_at=timezone.now() - timedelta(minutes=2)))
    spool.append(submission(1))
    found = asked()
    assert (found["spooled"], found["oldest_spooled_seconds"]) == (2, 120)
    assert len(found["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_put_aside_is_unwell(asked, settings):
    spool.check_writable()
    (settings.SPOOL_DIR / "aside.jsonl").write_text("\ntorn\n")
    found = asked()
    assert found["put_aside"] == 1
    assert len(found["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_spool_that_takes_nothing_is_unwell(asked, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file"
    assert asked()["spool"] == "FileExistsError"
    settings.SPOOL_DIR = tmp_path / "file" / "below"
    found = asked()
    assert found["spool"] == "NotADirectoryError"
    assert len(found["unwell"]) == 1


def test_a_database_that_does_not_answer_is_unwell(asked, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_outbox", gone)
    spool.append(submission())
    found = asked()
    assert found["database"] == "OperationalError"
    assert found["spooled"] == 1
    assert len(found["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is not remote")
def test_a_database_that_hangs_is_unwell_in_time(asked, settings):
    settings.DATABASE_SECONDS = 0.3
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_message")
        assert asked()["database"] == "TimeoutError"
