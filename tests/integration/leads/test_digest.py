"""Test the daily digest: it lists every held-back lead once, and visitors can't forge lines of the digest."""

from datetime import UTC, datetime, timedelta

import pytest

from leads import digest, intake, outbox_worker
from leads.models import Lead, Message
from leads.outbox_worker import OutboxWorker

from .conftest import SALES, in_parallel, submission

DAY = timedelta(days=1)
MORNING = datetime(2027, 3, 31, digest.HOUR, tzinfo=UTC)


def hold_back(*numbers, kept_at=MORNING - timedelta(hours=1), suspicion="honeypot", **changes):
    for number in numbers:
        lead = intake.save_to_database(submission(number, suspicion=suspicion, **changes))
        Lead.objects.filter(pk=lead.pk).update(kept_at=kept_at)


def digests():
    return Message.objects.filter(kind=Message.Kind.DIGEST)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (MORNING, MORNING),
        (MORNING - timedelta(microseconds=1), MORNING - DAY),
        (MORNING + timedelta(hours=17), MORNING),
        (MORNING + timedelta(hours=19), MORNING),
        (MORNING + DAY, MORNING + DAY),
    ],
)
def test_digest_is_due_once_a_day(now, due):
    assert digest.latest_time(now) == due


@pytest.mark.django_db
def test_every_held_back_lead_is_in_one_digest():
    hold_back(0, 1)
    hold_back(2, kept_at=MORNING)
    for _ in range(2):
        digest.enqueue(MORNING)
    assert [message.subject for message in digests()] == ["Leads held back: 2"]
    digest.enqueue(MORNING + DAY)
    assert [message.subject for message in digests()] == ["Leads held back: 2", "Leads held back: 1"]
    assert Lead.objects.filter(digest=None).count() == 0


@pytest.mark.django_db
def test_no_digest_is_created_without_held_back_leads():
    intake.save_to_database(submission())
    digest.enqueue(MORNING + 9_999 * DAY)
    assert not digests().exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_create_one_digest():
    hold_back(*range(3))
    in_parallel(lambda number: digest.enqueue(MORNING), 4)
    assert digests().count() == 1


@pytest.mark.django_db
def test_worker_sends_the_digest(mail_server, monkeypatch):
    hold_back(0)
    hold_back(1, suspicion="too-fast")
    Lead.objects.filter(email="visitor1@example.com").update(quarantine="global-cap")  # by an earlier version
    worker = OutboxWorker()
    for now in (MORNING, MORNING + timedelta(minutes=1), MORNING + DAY):
        monkeypatch.setattr(digest, "latest_time", lambda _, now=now: now.replace(minute=0))
        worker.run_once()
    (mail,) = mail_server.received_by(SALES)
    body = mail.get_content()
    assert mail["Subject"] == "Leads held back: 2"
    assert mail["Reply-To"] is None
    for text in ("1: filled in the hidden field", "1: too many leads in total", "> Email: visitor0@example.com"):
        assert text in body
    assert "“Release held-back leads and send the messages”" in body


@pytest.mark.django_db
def test_worker_looks_for_held_back_leads_once_a_day(monkeypatch):
    calls = []
    monkeypatch.setattr(outbox_worker.digest, "enqueue", calls.append)
    worker = OutboxWorker()
    for _ in range(3):
        worker.run_once()
    assert len(calls) == 1


@pytest.mark.django_db
def test_deleted_and_released_leads_are_not_listed():
    hold_back(0, 1, 2)
    digest.enqueue(MORNING)
    Lead.objects.filter(email="visitor0@example.com").delete()
    Lead.objects.filter(email="visitor1@example.com").update(quarantine="")
    message = digests().get()
    body = digest.body(message)
    assert "visitor2@" in body
    assert "visitor0@" not in body
    assert "visitor1@" not in body
    assert "example.com" not in message.body


@pytest.mark.django_db
def test_digest_of_many_leads_is_short_and_names_each_reason():
    hold_back(*range(80))
    hold_back(80, suspicion="too-fast", fields={"email": "real@example.com", "message": "x" * 5_000})
    digest.enqueue(MORNING)
    body = digest.body(digests().get())
    assert "- 80: filled in" in body
    assert "the newest 50 of 80 (the admin lists all):" in body
    assert body.count("> Email: visitor") == digest.MAX_LISTED
    assert "> Email: real@example.com" in body
    assert len(body) < 20_000


@pytest.mark.django_db
@pytest.mark.parametrize("line_break", ["\n", "\r", "\x85", "\u2028"])
def test_visitors_cannot_forge_lines_of_the_digest(line_break):
    hold_back(0, fields={"email": "p@example.com", "message": f"x{line_break}Lead 7 from /start{line_break}"})
    digest.enqueue(MORNING)
    body = digest.body(digests().get())
    assert [line for line in body.splitlines() if line.startswith("Lead ")] == [
        line for line in body.splitlines() if line.startswith(f"Lead {Lead.objects.get().pk} from /start, sent at")
    ]
