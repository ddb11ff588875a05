"""Make the site fail at exact points. The drills in tests/e2e/drill hit these points only by chance."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from leads import database_timeout, intake, outbox_worker, rate_limits, spool, transports
from leads.models import Lead, Message
from leads.outbox_worker import OutboxWorker, send
from leads.transports import SendError
from tests.support.waiting import PATIENCE

from .conftest import submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _email_host(settings):
    settings.EMAIL_HOST = "mail.example"


def test_claimed_message_is_not_sent_if_its_lead_is_deleted(monkeypatch):
    intake.save_to_database(submission())
    update = QuerySet.update

    def update_and_delete(messages: QuerySet[Message], **values: object) -> int:
        count = update(messages, **values)
        monkeypatch.undo()
        Lead.objects.all().delete()
        return count

    monkeypatch.setattr(QuerySet, "update", update_and_delete)
    assert OutboxWorker().run_once() == (0, 0)


def test_endless_smtp_greeting_is_cut_off(settings, monkeypatch):
    lead = intake.save_to_database(submission())
    monkeypatch.setattr(transports, "TOTAL_SECONDS", 0.3)
    lines = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = *listener.getsockname(), False

        def greet() -> None:
            nonlocal lines
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                for lines in range(4_000):  # noqa: B007
                    connection.sendall(b"220-one moment, please\r\n")
                    time.sleep(0.05)

        greeting = Thread(target=greet)
        greeting.start()
        with pytest.raises(SendError) as caught:
            send(lead.messages.get(kind=Message.Kind.SALES))
        greeting.join()
    assert caught.value.unreachable
    assert lines < 199


def test_broken_spool_does_not_delay_messages(settings, tmp_path, monkeypatch, caplog):
    intake.save_to_database(submission())
    settings.SPOOL_DIR = tmp_path / "a file" / "spool"
    (tmp_path / "a file").touch()
    monkeypatch.setattr(outbox_worker, "send", lambda message: None)
    worker = OutboxWorker()
    assert [worker.run_once(), worker.run_once()] == [(2, 0), (0, 0)]
    assert caplog.text.count("the spool can't be replayed") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the lock is for SQLite only")
def test_lead_goes_to_the_spool_if_the_sqlite_lock_times_out(settings):
    settings.DATABASE_SECONDS = 0.1
    with database_timeout._sqlite_lock:
        intake.save(submission())
    assert (spool.pending_count(), Lead.objects.count()) == (1, 0)
    intake.save(submission(1))
    assert (spool.pending_count(), Lead.objects.count()) == (1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the advisory lock is for PostgreSQL only")
def test_idle_transaction_that_holds_the_lock_is_ended(monkeypatch):
    monkeypatch.setattr(rate_limits, "LOCK_HOLDER_TIMEOUT", 0.2)
    is_locked, is_finished = Event(), Event()

    def hold() -> None:
        with suppress(DatabaseError), transaction.atomic():  # PostgreSQL ends this idle transaction.
            rate_limits.lock()
            is_locked.set()
            is_finished.wait(PATIENCE)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert is_locked.wait(PATIENCE)
    intake.save_to_database(submission())
    assert not is_finished.is_set()
    is_finished.set()
    holder.join()
    assert Lead.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite uses no network")
def test_dead_connections_are_detected_by_tcp_keepalive():
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as opened:
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
