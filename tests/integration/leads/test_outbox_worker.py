"""Told: each message at least once, by one worker at a time, and never given up in silence."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.utils import timezone

from leads import intake, outbox_worker, spool, transports
from leads.models import Attempt, Lead, Message
from leads.outbox_worker import LONGEST_WAIT, PATIENCE, OutboxWorker, backoff
from leads.transports import SendError

from .conftest import in_parallel, submission

SALES = "sales@layersrank.example"
SECOND = timedelta(seconds=1)


def told(count=1, **changes):
    for number in range(count):
        intake.save_to_database(submission(number, **changes))


def states():
    return sorted(Message.objects.values_list("kind", "state"))


def make_due():
    Message.objects.update(due_at=timezone.now())


@pytest.mark.django_db
def test_a_lead_is_told_to_everybody_once(mailing, hooking):
    told()
    assert OutboxWorker().run_once() == (3, 0)
    assert len(mailing.to(SALES)) == len(mailing.to("visitor0@example.com")) == len(hooking.hooks) == 1
    assert {state for _, state in states()} == {"sent"}
    assert OutboxWorker().run_once() == (0, 0)
    assert len(mailing.mails) == 2
    assert [attempt.error for attempt in Attempt.objects.all()] == [""] * 3
    assert Message.objects.filter(sent_at=None).count() == 0


@pytest.mark.django_db
def test_what_waits_in_the_spool_is_told_in_the_same_round(mailing):
    spool.append(submission())
    assert OutboxWorker().run_once() == (2, 0)
    assert Lead.objects.count() == 1
    assert spool.pending_count() == 0


@pytest.mark.django_db
def test_a_lead_that_is_held_back_is_told_to_nobody(mailing, hooking):
    told(suspicion="honeypot")
    assert OutboxWorker().run_once() == (0, 0)
    assert mailing.mails == hooking.hooks == []


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_never_send_the_same(mailing, hooking, settings):
    settings.LEAD_CAPS = {"client": 100, "recipient": 100, "all": 100}
    told(12)
    outcomes = in_parallel(lambda number: OutboxWorker().run_once(), 4)
    assert sum(sent for sent, failed in outcomes) == 36
    assert sum(failed for sent, failed in outcomes) == 0
    assert len(mailing.to(SALES)) == len(hooking.hooks) == 12
    assert len({mail.message["Message-ID"] for mail in mailing.mails}) == len(mailing.mails) == 24


@pytest.mark.django_db(transaction=True)
def test_a_message_is_one_workers_while_it_is_being_sent(monkeypatch, settings):
    begun, free, sent = Event(), Event(), []

    def slowly(message):
        sent.append(message.pk)
        begun.set()
        free.wait(10)

    settings.EMAIL_HOST = "there"
    monkeypatch.setattr(transports, "send", slowly)
    told(reply="", reply_subject="")

    def work(number):
        if number == 0:
            return OutboxWorker().run_once()
        begun.wait(10)
        try:
            return OutboxWorker().run_once()
        finally:
            free.set()

    assert in_parallel(work, 2) == [(1, 0), (0, 0)]
    assert len(sent) == 1


@pytest.mark.django_db
def test_what_a_dead_worker_held_is_sent_when_its_lease_is_over(mailing):
    told(reply="", reply_subject="")
    now = timezone.now()
    Message.objects.update(lease="a dead worker's", leased_until=now + 60 * SECOND)
    assert OutboxWorker().run_once() == (0, 0)
    Message.objects.update(leased_until=now - SECOND)
    assert OutboxWorker().run_once() == (1, 0)


def test_a_lease_is_longer_than_sending_can_take(settings):
    assert settings.DELIVERY_SECONDS["lease"] >= 2 * transports.TOTAL_SECONDS


@pytest.mark.django_db
def test_what_another_took_over_meanwhile_stays_with_them(mailing, monkeypatch):
    told(reply="", reply_subject="")

    def taken_over(message):
        Message.objects.update(lease="another's", leased_until=timezone.now() + 60 * SECOND)

    monkeypatch.setattr(transports, "send", taken_over)
    OutboxWorker().run_once()
    message = Message.objects.get()
    assert (message.lease, message.state) == ("another's", "pending")
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [None, SendError("refused")])
def test_what_is_deleted_while_it_is_being_sent_is_gone(settings, monkeypatch, error):
    settings.EMAIL_HOST = "there"
    told(2, reply="", reply_subject="")

    def deleted(message):
        Lead.objects.all().delete()
        if error:
            raise error

    monkeypatch.setattr(transports, "send", deleted)
    assert sum(OutboxWorker().run_once()) == 1
    assert not Message.objects.exists()
    assert not Attempt.objects.exists()


# When it fails


@pytest.mark.django_db
def test_what_was_not_sent_is_sent_later_under_the_same_name(mailing, caplog):
    told(reply="", reply_subject="")
    mailing.answers = {"DATA": "451 later"}
    assert OutboxWorker().run_once() == (0, 1)
    message = Message.objects.get()
    assert message.state == "pending"
    assert message.lease == ""
    assert timezone.now() < message.due_at <= timezone.now() + 15 * SECOND
    assert OutboxWorker().run_once() == (0, 0)
    mailing.answers = {}
    make_due()
    assert OutboxWorker().run_once() == (1, 0)
    assert mailing.mails[0].message["Message-ID"] == message.message_id
    assert [attempt.error for attempt in message.attempts.all()] == ["the mail server answered 451", ""]


@pytest.mark.parametrize("failures", range(12))
def test_waits_double_up_to_the_longest_and_none_is_like_another(settings, failures):
    settings.DELIVERY_SECONDS = {**settings.DELIVERY_SECONDS, "first_wait": 15}
    longest = min(15 * SECOND * 2**failures, LONGEST_WAIT)
    waits = [backoff(failures) for _ in range(100)]
    assert longest / 2 <= min(waits) < max(waits) <= longest


def test_waits_are_bounded_however_often_it_failed():
    assert backoff(10_000) <= LONGEST_WAIT


@pytest.mark.django_db
def test_a_message_is_given_up_after_four_days_and_that_is_said(mailing, caplog):
    told(reply="", reply_subject="")
    mailing.answers = {"MAIL": "451 later"}
    message, now = Message.objects.get(), timezone.now()
    Message.objects.update(created_at=now - PATIENCE - 3 * SECOND)
    Attempt.objects.create(message=message, at=now - PATIENCE + 60 * SECOND, error="refused")
    OutboxWorker().run_once()
    assert states() == [("sales", "pending")]
    Attempt.objects.filter(error="refused").update(at=now - PATIENCE - SECOND)
    make_due()
    OutboxWorker().run_once()
    assert states() == [("sales", "dead")]
    assert caplog.records[-1].levelno == logging.ERROR
    assert "given up" in caplog.records[-1].message
    make_due()
    assert OutboxWorker().run_once() == (0, 0)


@pytest.mark.django_db
def test_the_patience_begins_with_the_first_attempt_and_not_while_nobody_delivered(mailing):
    told(reply="", reply_subject="")
    Message.objects.update(created_at=timezone.now() - 3 * PATIENCE)
    mailing.answers = {"MAIL": "451 later"}
    OutboxWorker().run_once()
    assert states() == [("sales", "pending")]


@pytest.mark.django_db
def test_a_reply_to_nobody_is_given_up_at_once_and_sales_are_told_all_the_same(mailing):
    told()
    mailing.answers = {"RCPT": "550 no such mailbox"}
    OutboxWorker().run_once()
    assert states() == [("reply", "dead"), ("sales", "pending")]


@pytest.mark.django_db
def test_a_server_that_takes_nothing_is_left_alone_and_the_other_way_goes_on(settings, hooking, mailing):
    told(3)
    mailing.answers = {"EHLO": "421 busy", "HELO": "421 busy"}
    postman = OutboxWorker()
    assert postman.run_once() == (3, 1)
    assert len(hooking.hooks) == 3
    assert Attempt.objects.exclude(error="").count() == 1
    mailing.answers = {}
    make_due()
    assert postman.run_once() == (0, 0)
    postman.resting = {False: timezone.now() - SECOND}
    assert postman.run_once() == (6, 0)


@pytest.mark.django_db
def test_without_a_mail_server_mails_wait_unattempted_and_webhooks_go_out(settings, hooking, caplog):
    assert settings.EMAIL_HOST == ""
    told()
    postman = OutboxWorker()
    assert "EMAIL_HOST" in caplog.text
    assert postman.run_once() == (1, 0)
    assert postman.run_once() == (0, 0)
    assert states() == [("reply", "pending"), ("sales", "pending"), ("webhook", "sent")]
    assert Attempt.objects.count() == 1
    assert postman.resting[False] == datetime.max.replace(tzinfo=UTC)


@pytest.mark.django_db
def test_a_receiver_that_is_gone_for_good_is_asked_once(hooking):
    hooking.status = 410
    told()
    assert OutboxWorker().run_once() == (0, 1)
    assert ("webhook", "dead") in states()


@pytest.mark.django_db
def test_what_breaks_the_sending_is_logged_without_its_words_and_tried_again(monkeypatch, settings, caplog):
    def breaks(message):
        raise RuntimeError(f"odd: {message.body}")

    settings.EMAIL_HOST = "there"
    monkeypatch.setattr(transports, "send", breaks)
    told(reply="", reply_subject="")
    assert OutboxWorker().run_once() == (0, 1)
    assert states() == [("sales", "pending")]
    assert "RuntimeError" in caplog.text
    assert "raise RuntimeError" in caplog.text
    assert "visitor0" not in caplog.text


@pytest.mark.django_db
def test_a_spool_that_cannot_be_read_keeps_no_message_from_being_sent(mailing, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file"
    told(reply="", reply_subject="")
    assert OutboxWorker().run_once() == (1, 0)
    assert "spool" in caplog.text


@pytest.mark.django_db
def test_a_worker_that_is_told_to_stop_ends_after_the_message_it_is_at(mailing):
    told(3)
    assert sum(OutboxWorker().run_once(lambda: len(mailing.mails) == 2)) == 2
    assert sum(OutboxWorker().run_once()) == 4


@pytest.mark.django_db
def test_nothing_personal_stands_in_a_log_whatever_fails(mailing, hooking, caplog):
    caplog.set_level(logging.DEBUG)
    told()
    hooking.status = 500
    for answers in ({"RCPT": "550 visitor0@example.com is unknown"}, {"DATA": "554 Priya Raman is spam"}):
        mailing.answers = answers
        make_due()
        OutboxWorker().run_once()
    assert len(caplog.records) >= 4
    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith(("leads", "django")))
    for word in ("visitor0", "example.com", "Priya", "Raman", "Northwind", "Welder"):
        assert word not in said
    errors = " ".join(Attempt.objects.values_list("error", flat=True))
    assert "visitor0" not in errors
    assert "Priya" not in errors


def test_the_patience_is_a_mail_servers():
    assert timedelta(days=4) <= outbox_worker.PATIENCE <= timedelta(days=5)
