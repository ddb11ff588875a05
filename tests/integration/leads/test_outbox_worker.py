"""Test delivery: each message is sent at least once, by one worker at a time, with retries up to a time limit."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.utils import timezone

from leads import intake, outbox_worker, spool, transports
from leads.models import Attempt, Lead, Message
from leads.outbox_worker import EMAIL, GIVE_UP_AFTER, MAX_RETRY_DELAY, OutboxWorker, retry_delay
from leads.transports import SendError
from tests.support.waiting import PATIENCE

from .conftest import SALES, in_parallel, submission

SECOND = timedelta(seconds=1)


def save_leads(count=1, **changes):
    for number in range(count):
        intake.save_to_database(submission(number, **changes))


def states():
    return sorted(Message.objects.values_list("kind", "state"))


def make_due():
    Message.objects.update(due_at=timezone.now())


@pytest.mark.django_db
def test_each_message_of_a_lead_is_sent_once(mail_server, webhook_receiver):
    save_leads()
    assert OutboxWorker().run_once() == (3, 0)
    assert len(mail_server.received_by(SALES)) == len(mail_server.received_by("visitor0@example.com")) == 1
    assert len(webhook_receiver.requests) == 1
    assert {state for _, state in states()} == {"sent"}
    assert OutboxWorker().run_once() == (0, 0)
    assert len(mail_server.emails) == 2
    assert [attempt.error for attempt in Attempt.objects.all()] == [""] * 3
    assert Message.objects.filter(sent_at=None).count() == 0


@pytest.mark.django_db
def test_spooled_lead_is_saved_and_sent_in_one_run(mail_server):
    spool.append(submission())
    assert OutboxWorker().run_once() == (2, 0)
    assert Lead.objects.count() == 1
    assert spool.pending_count() == 0


@pytest.mark.django_db
def test_no_message_is_sent_for_a_held_back_lead(mail_server, webhook_receiver):
    save_leads(suspicion="honeypot")
    assert OutboxWorker().run_once() == (0, 0)
    assert mail_server.emails == webhook_receiver.requests == []


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_send_each_message_once(mail_server, webhook_receiver, settings):
    settings.LEAD_LIMITS = dict.fromkeys(settings.LEAD_LIMITS, 100)
    save_leads(12)
    outcomes = in_parallel(lambda number: OutboxWorker().run_once(), 4)
    assert sum(sent for sent, failed in outcomes) == 36
    assert sum(failed for sent, failed in outcomes) == 0
    assert len(mail_server.received_by(SALES)) == len(webhook_receiver.requests) == 12
    assert len({mail.message["Message-ID"] for mail in mail_server.emails}) == len(mail_server.emails) == 24


@pytest.mark.django_db(transaction=True)
def test_leased_message_is_not_sent_by_another_worker(monkeypatch, settings):
    started, proceed, sent = Event(), Event(), []

    def send_slowly(message):
        sent.append(message.pk)
        started.set()
        proceed.wait(PATIENCE)

    settings.EMAIL_HOST = "mail.example"
    monkeypatch.setattr(outbox_worker, "send", send_slowly)
    save_leads(reply="", reply_subject="")

    def run(number):
        if number == 0:
            return OutboxWorker().run_once()
        started.wait(PATIENCE)
        try:
            return OutboxWorker().run_once()
        finally:
            proceed.set()

    assert in_parallel(run, 2) == [(1, 0), (0, 0)]
    assert len(sent) == 1


@pytest.mark.django_db
def test_message_leased_by_a_dead_worker_is_sent_after_the_lease_expires(mail_server):
    save_leads(reply="", reply_subject="")
    now = timezone.now()
    Message.objects.update(lease="dead worker", leased_until=now + 60 * SECOND)
    assert OutboxWorker().run_once() == (0, 0)
    Message.objects.update(leased_until=now - SECOND)
    assert OutboxWorker().run_once() == (1, 0)


def test_lease_exceeds_the_longest_delivery(settings):
    assert settings.DELIVERY_SECONDS["lease"] >= 2 * transports.TOTAL_SECONDS


@pytest.mark.django_db
def test_worker_does_not_release_a_lease_that_another_worker_took_over(mail_server, monkeypatch):
    save_leads(reply="", reply_subject="")

    def lose_lease(message):
        Message.objects.update(lease="another worker", leased_until=timezone.now() + 60 * SECOND)

    monkeypatch.setattr(outbox_worker, "send", lose_lease)
    OutboxWorker().run_once()
    message = Message.objects.get()
    assert (message.lease, message.state) == ("another worker", "pending")
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [None, SendError("refused")])
def test_lead_deleted_during_delivery_stays_deleted(settings, monkeypatch, error):
    settings.EMAIL_HOST = "mail.example"
    save_leads(2, reply="", reply_subject="")

    def delete_lead(message):
        Lead.objects.all().delete()
        if error:
            raise error

    monkeypatch.setattr(outbox_worker, "send", delete_lead)
    assert sum(OutboxWorker().run_once()) == 1
    assert not Message.objects.exists()
    assert not Attempt.objects.exists()


# Failures


@pytest.mark.django_db
def test_failed_message_is_retried_with_the_same_message_id(mail_server, caplog):
    save_leads(reply="", reply_subject="")
    mail_server.responses = {"DATA": "451 later"}
    assert OutboxWorker().run_once() == (0, 1)
    message = Message.objects.get()
    assert message.state == "pending"
    assert message.lease == ""
    assert timezone.now() < message.due_at <= timezone.now() + 15 * SECOND
    assert OutboxWorker().run_once() == (0, 0)
    mail_server.responses = {}
    make_due()
    assert OutboxWorker().run_once() == (1, 0)
    assert mail_server.emails[0].message["Message-ID"] == message.message_id
    assert [attempt.error for attempt in message.attempts.all()] == ["the mail server answered 451", ""]


@pytest.mark.parametrize("failures", range(12))
def test_retry_delay_doubles_up_to_a_maximum_and_has_jitter(settings, failures):
    settings.DELIVERY_SECONDS = {**settings.DELIVERY_SECONDS, "first_retry": 15}
    maximum = min(15 * SECOND * 2**failures, MAX_RETRY_DELAY)
    delays = [retry_delay(failures) for _ in range(100)]
    assert maximum / 2 <= min(delays) < max(delays) <= maximum


def test_retry_delay_has_a_maximum():
    assert retry_delay(10_000) <= MAX_RETRY_DELAY


@pytest.mark.django_db
def test_retries_end_after_four_days_and_the_failure_is_logged(mail_server, caplog):
    save_leads(reply="", reply_subject="")
    mail_server.responses = {"MAIL": "451 later"}
    message, now = Message.objects.get(), timezone.now()
    Message.objects.update(created_at=now - GIVE_UP_AFTER - 3 * SECOND)
    Attempt.objects.create(message=message, at=now - GIVE_UP_AFTER + 60 * SECOND, error="refused")
    OutboxWorker().run_once()
    assert states() == [("sales", "pending")]
    Attempt.objects.filter(error="refused").update(at=now - GIVE_UP_AFTER - SECOND)
    make_due()
    OutboxWorker().run_once()
    assert states() == [("sales", "dead")]
    assert caplog.records[-1].levelno == logging.ERROR
    assert "no longer retried" in caplog.records[-1].message
    make_due()
    assert OutboxWorker().run_once() == (0, 0)


@pytest.mark.django_db
def test_retry_period_starts_with_the_first_attempt(mail_server):
    save_leads(reply="", reply_subject="")
    Message.objects.update(created_at=timezone.now() - 3 * GIVE_UP_AFTER)
    mail_server.responses = {"MAIL": "451 later"}
    OutboxWorker().run_once()
    assert states() == [("sales", "pending")]


@pytest.mark.django_db
def test_reply_to_an_unknown_mailbox_is_not_retried(mail_server):
    save_leads()
    mail_server.responses = {"RCPT": "550 no such mailbox"}
    OutboxWorker().run_once()
    assert states() == [("reply", "dead"), ("sales", "pending")]


@pytest.mark.django_db
def test_unreachable_mail_server_pauses_email_but_not_webhooks(settings, webhook_receiver, mail_server):
    save_leads(3)
    mail_server.responses = {"EHLO": "421 busy", "HELO": "421 busy"}
    worker = OutboxWorker()
    assert worker.run_once() == (3, 1)
    assert len(webhook_receiver.requests) == 3
    assert Attempt.objects.exclude(error="").count() == 1
    mail_server.responses = {}
    make_due()
    assert worker.run_once() == (0, 0)
    worker.paused_until = {EMAIL: timezone.now() - SECOND}
    assert worker.run_once() == (6, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("production", "level"), [(True, "WARNING"), (False, "INFO")])
def test_only_webhooks_are_sent_if_email_host_is_unset(settings, webhook_receiver, caplog, production, level):
    caplog.set_level(logging.INFO)
    settings.PRODUCTION = production
    assert settings.EMAIL_HOST == ""
    save_leads()
    worker = OutboxWorker()
    assert [record.levelname for record in caplog.records if "EMAIL_HOST" in record.getMessage()] == [level]
    assert worker.run_once() == (1, 0)
    assert worker.run_once() == (0, 0)
    assert states() == [("reply", "pending"), ("sales", "pending"), ("webhook", "sent")]
    assert Attempt.objects.count() == 1
    assert worker.paused_until[EMAIL] == datetime.max.replace(tzinfo=UTC)


@pytest.mark.django_db
def test_webhook_is_not_retried_after_status_410(webhook_receiver):
    webhook_receiver.status = 410
    save_leads()
    assert OutboxWorker().run_once() == (0, 1)
    assert ("webhook", "dead") in states()


@pytest.mark.django_db
def test_unexpected_error_is_retried_and_logged_without_personal_data(monkeypatch, settings, caplog):
    def fail(message):
        raise RuntimeError(f"odd: {message.body}")

    settings.EMAIL_HOST = "mail.example"
    monkeypatch.setattr(outbox_worker, "send", fail)
    save_leads(reply="", reply_subject="")
    assert OutboxWorker().run_once() == (0, 1)
    assert states() == [("sales", "pending")]
    assert "RuntimeError" in caplog.text
    assert "raise RuntimeError" in caplog.text
    assert "visitor0" not in caplog.text


@pytest.mark.django_db
def test_broken_spool_does_not_prevent_sending(mail_server, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file"
    save_leads(reply="", reply_subject="")
    assert OutboxWorker().run_once() == (1, 0)
    assert "spool" in caplog.text


@pytest.mark.django_db
def test_worker_stops_after_the_current_message(mail_server):
    save_leads(3)
    assert sum(OutboxWorker().run_once(lambda: len(mail_server.emails) == 2)) == 2
    assert sum(OutboxWorker().run_once()) == 4


@pytest.mark.django_db
def test_log_and_attempts_contain_no_personal_data(mail_server, webhook_receiver, caplog):
    caplog.set_level(logging.DEBUG)
    save_leads()
    webhook_receiver.status = 500
    for responses in ({"RCPT": "550 visitor0@example.com is unknown"}, {"DATA": "554 Priya Raman is spam"}):
        mail_server.responses = responses
        make_due()
        OutboxWorker().run_once()
    assert len(caplog.records) >= 4
    log = " ".join(record.getMessage() for record in caplog.records if record.name.startswith(("leads", "django")))
    for text in ("visitor0", "example.com", "Priya", "Raman", "Northwind", "Welder"):
        assert text not in log
    errors = " ".join(Attempt.objects.values_list("error", flat=True))
    assert "visitor0" not in errors
    assert "Priya" not in errors


def test_retry_period_follows_rfc_5321():
    assert timedelta(days=4) <= outbox_worker.GIVE_UP_AFTER <= timedelta(days=5)
