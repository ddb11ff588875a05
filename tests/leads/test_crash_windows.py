"""What happens between two steps, one at a time; the drills find such moments by chance."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from leads import channels, intake, spool
from leads.delivery import Postman
from leads.models import Attempt, Lead, Message, Quarantine
from leads.submissions import Submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _site(settings, tmp_path):
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.EMAIL_HOST = "mail.example"


def submission(number: int = 0, ago: float = 0, **changed: object) -> Submission:
    return Submission(
        **{
            "opening": f"opening {number}",
            "page": "/start",
            "sent_at": timezone.now() - timedelta(seconds=ago),
            "fields": {"name": "Priya Rao", "email": f"visitor-{number}@visitor.example"},
            "consent": "Keep it.",
            "came_from": "",
            "referrer_host": "",
            "campaign": {},
            "client": "a client",
            "suspicion": "",
            "reply_subject": "Thank you",
            "reply": "It has arrived.",
        }
        | changed
    )


def test_a_cap_holds_in_whatever_order_submissions_come(settings):
    settings.LEAD_CAPS = {"client": 3, "recipient": 9, "all": 9}
    for number in range(6):
        intake.store(submission(number, ago=number))
    assert Lead.objects.accepted().count() == 3
    assert Lead.objects.filter(quarantine=Quarantine.CLIENT).count() == 3


def test_the_cap_of_another_hour_holds_nobody_back(settings):
    settings.LEAD_CAPS = {"client": 1, "recipient": 9, "all": 9}
    for number, ago in enumerate((0, 3601, 7202)):
        intake.store(submission(number, ago=ago))
    assert Lead.objects.accepted().count() == 3


def test_a_lead_may_be_deleted_as_its_message_is_claimed(monkeypatch):
    intake.store(submission())
    update = QuerySet.update

    def update_and_delete(messages: QuerySet[Message], **values: object) -> int:
        count = update(messages, **values)
        Lead.objects.all().delete()
        return count

    monkeypatch.setattr(QuerySet, "update", update_and_delete)
    assert Postman().round() == (0, 0)


def test_a_lead_may_be_deleted_while_its_message_is_sent(monkeypatch, caplog):
    intake.store(submission())
    monkeypatch.setattr(channels, "send", lambda message: Lead.objects.all().delete())
    Postman().round()
    assert (Message.objects.count(), Attempt.objects.count()) == (0, 0)
    assert "was deleted while it was being sent" in caplog.text


def test_a_mail_server_that_never_ends_its_greeting_is_cut_off(settings, monkeypatch):
    lead = intake.store(submission())
    monkeypatch.setattr(channels, "SECONDS", 0.3)
    lines = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = *listener.getsockname(), False

        def greet() -> None:
            nonlocal lines
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                for lines in range(200):  # noqa: B007  for ten seconds
                    connection.sendall(b"220-one moment, please\r\n")
                    time.sleep(0.05)

        greeting = Thread(target=greet)
        greeting.start()
        with pytest.raises(channels.Unsent) as unsent:
            channels.send(lead.messages.get(kind=Message.Kind.SALES))
        greeting.join()
    assert unsent.value.unreachable
    assert lines < 199


def test_a_spool_that_cannot_be_read_holds_up_no_message(settings, tmp_path, monkeypatch, caplog):
    intake.store(submission())
    settings.SPOOL_DIR = tmp_path / "a file" / "spool"
    (tmp_path / "a file").touch()
    monkeypatch.setattr(channels, "send", lambda message: None)
    postman = Postman()
    with caplog.at_level(logging.CRITICAL):
        assert [postman.round(), postman.round()] == [(2, 0), (0, 0)]
    (record,) = caplog.records
    assert record.getMessage().startswith("the spool cannot be brought in, and is tried again: NotADirectoryError")


def test_what_was_taken_from_the_spool_by_a_worker_that_was_killed_is_brought_in_once(settings):
    class Killed(BaseException):
        pass

    def keep_and_die(each: Submission) -> None:
        intake.store(each)
        if each.opening == "opening 1":
            raise Killed

    for number in range(3):
        spool.append(submission(number))
    with pytest.raises(Killed):
        spool.replay(keep_and_die)
    spool.append(submission(3))
    assert spool.waiting() == 4
    assert spool.replay(intake.store) == 4
    assert spool.waiting() == 0
    assert Lead.objects.count() == 4
