"""The loop of `manage.py deliver --watch` goes on after any failure."""

import errno
import os
import signal

import pytest
from django.db import OperationalError

from leads.management.commands import deliver


@pytest.fixture(autouse=True)
def keep_handlers():
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_the_delivery_loop_continues_after_any_failure(monkeypatch, caplog):
    failures = [
        OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
        OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
        OperationalError("no connection for ada@example.com"),
        MemoryError(),
    ]
    runs = []

    def run_once(worker, should_stop):
        runs.append(worker)
        if failures:
            raise failures.pop(0)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(deliver.OutboxWorker, "run_once", run_once)
    monkeypatch.setattr(deliver, "RETRY_INTERVAL", 0)
    monkeypatch.setattr(deliver, "close_old_connections", lambda: None)
    deliver.Command()._watch()
    assert len(runs) == 5 and len(set(map(id, runs))) == 1
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the outbox's messages can't be sent; retrying every 0 s",
        "the database doesn't respond (OperationalError), retrying every 0 s",
        "the outbox's messages can't be sent; retrying every 0 s",
    ]
