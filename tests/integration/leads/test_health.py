"""Test what /readyz reports about leads: counts and problems, but no personal data."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from leads import health, intake, spool
from leads.models import Message

from .conftest import submission

HEALTHY = {
    "unwell": [],
    "database": "ok",
    "spool": "ok",
    "spooled": 0,
    "oldest_spooled_seconds": 0,
    "put_aside": 0,
    "undelivered": 0,
    "oldest_undelivered_seconds": 0,
    "dead_letters": 0,
    "held_back": 0,
}


# Keys of /readyz that aren't about leads. tests/integration/serving/test_readiness.py tests them.
OTHER_KEYS = {"notes", "disk_free_mb", "content_errors", "content_warnings"}


@pytest.fixture
def report(client):
    def get(**headers):
        response = client.get("/readyz", **headers)
        assert response["Cache-Control"] == "no-store"
        assert response.status_code == (503 if response.json()["unwell"] else 200)
        assert "example.com" not in response.content.decode()
        return {name: value for name, value in response.json().items() if name not in OTHER_KEYS}

    return get


def save_lead(**changes):
    intake.save_to_database(submission())
    Message.objects.update(**changes)


@pytest.mark.django_db(transaction=True)
def test_healthy_site(report):
    assert report() == HEALTHY


@pytest.mark.django_db(transaction=True)
def test_readyz_accepts_any_host_and_sets_security_headers(client):
    response = client.get("/readyz", headers={"Host": "10.0.0.4:8000"})
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.head("/readyz").status_code == 200
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_readyz_counts_pending_messages_and_reports_old_ones(report):
    save_lead()
    assert report()["unwell"] == []
    assert report()["undelivered"] == 1
    Message.objects.update(created_at=timezone.now() - health.MAX_OUTBOX_AGE - timedelta(minutes=1))
    values = report()
    assert "deliver" in values["unwell"][0]
    assert 960 <= values["oldest_undelivered_seconds"] < 1_000


@pytest.mark.django_db(transaction=True)
def test_held_back_leads_are_counted_but_not_reported_as_a_problem(report):
    for number in range(3):
        intake.save_to_database(submission(number, suspicion="honeypot"))
    assert report() == HEALTHY | {"held_back": 3}


@pytest.mark.django_db(transaction=True)
def test_gathered_message_does_not_count_as_late_before_it_is_due(report, settings):
    settings.LEAD_LIMITS = settings.LEAD_LIMITS | {"notifications": 0}
    intake.save_to_database(submission(reply=""))
    assert report() == HEALTHY | {"undelivered": 1}


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_a_message_that_is_no_longer_retried(report):
    save_lead(state="dead")
    values = report()
    assert values["dead_letters"] == 1
    assert len(values["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_undeliverable_reply_is_not_a_problem(report):
    save_lead()
    Message.objects.filter(kind="sales").update(state="sent")
    Message.objects.filter(kind="reply").update(state="dead", created_at=timezone.now() - timedelta(days=9))
    assert report() == HEALTHY
    Message.objects.filter(kind="reply").update(state="pending")
    assert report() == HEALTHY


@pytest.mark.django_db(transaction=True)
def test_lead_spooled_for_too_long_is_a_problem_if_the_database_responds(report, settings):
    spool.append(submission())
    assert report() == HEALTHY | {"spooled": 1}
    (settings.SPOOL_DIR / "leads.jsonl").unlink()
    spool.append(submission(sent_at=timezone.now() - timedelta(minutes=2)))
    spool.append(submission(1))
    values = report()
    assert (values["spooled"], values["oldest_spooled_seconds"]) == (2, 120)
    assert len(values["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_a_spool_record_that_was_set_aside(report, settings):
    spool.check_writable()
    (settings.SPOOL_DIR / "aside.jsonl").write_text("\ntorn\n")
    values = report()
    assert values["put_aside"] == 1
    assert len(values["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_unwritable_spool_is_a_problem(report, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file"
    assert report()["spool"] == "FileExistsError"
    settings.SPOOL_DIR = tmp_path / "file" / "below"
    values = report()
    assert values["spool"] == "NotADirectoryError"
    assert len(values["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
def test_unreachable_database_is_a_problem(report, monkeypatch):
    def fail():
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_outbox", fail)
    spool.append(submission())
    values = report()
    assert values["database"] == "OperationalError"
    assert values["spooled"] == 1
    assert len(values["unwell"]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is not remote")
def test_hanging_database_is_reported_within_the_timeout(report, settings):
    settings.DATABASE_SECONDS = 0.3
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_message")
        # PostgreSQL has a timeout, too. On a busy machine, it may end the wait before the site's own timeout does.
        assert report()["database"] in ("TimeoutError", "OperationalError")
