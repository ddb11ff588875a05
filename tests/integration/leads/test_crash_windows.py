"""What happens between two steps, one at a time; the drills find such moments by chance."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from leads import intake, rate_limits, spool, transports
from leads.models import Lead, Message
from leads.outbox_worker import OutboxWorker

from .conftest import submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.EMAIL_HOST = "mail.example"


def test_a_lead_may_be_deleted_as_its_message_is_claimed(monkeypatch):
    intake.save_to_database(submission())
    update = QuerySet.update

    def update_and_delete(messages: QuerySet[Message], **values: object) -> int:
        count = update(messages, **values)
        Lead.objects.all().delete()
        return count

    monkeypatch.setattr(QuerySet, "update", update_and_delete)
    assert OutboxWorker().run_once() == (0, 0)


def test_a_mail_server_that_never_ends_its_greeting_is_cut_off(settings, monkeypatch):
    lead = intake.save_to_database(submission())
    monkeypatch.setattr(transports, "TOTAL_SECONDS", 0.3)
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
        with pytest.raises(transports.SendError) as unsent:
            transports.send(lead.messages.get(kind=Message.Kind.SALES))
        greeting.join()
    assert unsent.value.unreachable
    assert lines < 199


def test_a_spool_that_cannot_be_read_holds_up_no_message(settings, tmp_path, monkeypatch, caplog):
    intake.save_to_database(submission())
    settings.SPOOL_DIR = tmp_path / "a file" / "spool"
    (tmp_path / "a file").touch()
    monkeypatch.setattr(transports, "send", lambda message: None)
    postman = OutboxWorker()
    assert [postman.run_once(), postman.run_once()] == [(2, 0), (0, 0)]
    assert caplog.text.count("the spool cannot be brought in") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's writers queue there")
def test_whose_turn_before_sqlite_does_not_come_goes_to_the_spool(settings):
    settings.DATABASE_SECONDS = 0.1
    with intake._sqlite_lock:
        intake.save(submission())
    assert (spool.pending_count(), Lead.objects.count()) == (1, 0)
    intake.save(submission(1))
    assert (spool.pending_count(), Lead.objects.count()) == (1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's writers are on one machine")
def test_who_holds_the_lock_and_is_gone_holds_up_the_others_for_a_moment(monkeypatch):
    monkeypatch.setattr(rate_limits, "LOCK_HOLDER_TIMEOUT", 0.2)
    is_held, is_over = Event(), Event()

    def hold() -> None:
        with suppress(DatabaseError), transaction.atomic():  # PostgreSQL has ended it, and its lock
            rate_limits.lock()
            is_held.set()
            is_over.wait(30)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert is_held.wait(30)
    intake.save_to_database(submission())
    assert not is_over.is_set()
    is_over.set()
    holder.join()
    assert Lead.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection")
def test_a_database_that_is_gone_without_a_word_is_found_out():
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as opened:
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
