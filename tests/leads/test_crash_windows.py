"""What happens between two steps, one at a time; the drills find such moments by chance."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from threading import Thread

import pytest
from django.db.models import QuerySet

from leads import channels, intake
from leads.delivery import Postman
from leads.models import Lead, Message

from .conftest import submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.EMAIL_HOST = "mail.example"


def test_a_lead_may_be_deleted_as_its_message_is_claimed(monkeypatch):
    intake.store(submission())
    update = QuerySet.update

    def update_and_delete(messages: QuerySet[Message], **values: object) -> int:
        count = update(messages, **values)
        Lead.objects.all().delete()
        return count

    monkeypatch.setattr(QuerySet, "update", update_and_delete)
    assert Postman().round() == (0, 0)


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
    assert [postman.round(), postman.round()] == [(2, 0), (0, 0)]
    assert caplog.text.count("the spool cannot be brought in") == 1
