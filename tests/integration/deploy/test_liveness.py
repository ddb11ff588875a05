"""deploy/liveness.py ends only if gunicorn answered once and then stopped answering."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from deploy import liveness
from tests.support.waiting import PATIENCE


@pytest.fixture
def is_answering(monkeypatch):
    """An event, and a server that answers only while the event is set. Otherwise, the server hangs."""
    monkeypatch.setattr(liveness, "SECONDS", 0.05)
    listener = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("HOST", "127.0.0.1")
    monkeypatch.setenv("PORT", str(listener.getsockname()[1]))
    event, connections = threading.Event(), []

    def serve():
        with suppress(OSError):  # the listener was closed
            while True:
                connections.append(listener.accept()[0])
                if event.is_set():
                    with suppress(OSError):
                        connections[-1].sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    threading.Thread(target=serve, daemon=True).start()
    yield event
    listener.shutdown(socket.SHUT_RDWR)
    for each in [*connections, listener]:
        each.close()


def started():
    thread = threading.Thread(target=liveness.main, daemon=True)
    thread.start()
    return thread


def test_it_ends_after_four_requests_without_an_answer(is_answering):
    is_answering.set()
    thread = started()
    time.sleep(0.3)
    assert thread.is_alive()
    is_answering.clear()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_it_waits_for_the_first_answer(is_answering):
    thread = started()
    time.sleep(0.6)
    assert thread.is_alive()
    is_answering.set()
    time.sleep(0.3)
    is_answering.clear()
    thread.join(PATIENCE)
    assert not thread.is_alive()
