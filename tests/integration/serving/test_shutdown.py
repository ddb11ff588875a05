"""The server stops in good time, and fails nobody whom it has begun to answer."""

import asyncio
import errno
import http.client
import os
import runpy
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from uvicorn.config import Config

from ...conftest import ROOT, SEED_URL, serving
from ...e2e.drill.processes import child_pids, kill

SECONDS = 8


def publishing_processes(folder):
    """The processes that publish what stands in `folder`, or wait to."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "pages.publish.publisher_process" in command and any(str(folder) in each for each in command):
            found.append(int(pid))
    return found


def test_it_stops_while_connections_are_idle_and_lets_running_requests_end(tmp_path):
    answers = []

    def ask_slowly(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/slow")
        answers.append(connection.getresponse().read())
        connection.close()

    with serving(tmp_path, "tests.support.slow_site:application") as server, ExitStack() as stack:
        for number in range(30):
            idle = socket.create_connection(("127.0.0.1", server.port))
            stack.callback(idle.close)
            if number % 3 == 0:  # one that has been used, one that never is, one that breaks off
                idle.sendall(f"GET {SEED_URL} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                assert idle.recv(100).startswith(b"HTTP/1.1 200 OK")
            elif number % 3 == 1:
                idle.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        asking = [Thread(target=ask_slowly, args=(server.port,)) for _ in range(10)]
        for thread in asking:
            thread.start()
        time.sleep(0.5)
        assert len(publishing_processes(tmp_path)) == 2
        start = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=15) == 0
        assert time.monotonic() - start < SECONDS
        for thread in asking:
            thread.join()
    assert answers == [b"done\n"] * 10
    for _ in range(50):
        if not publishing_processes(tmp_path):
            break
        time.sleep(0.1)
    assert publishing_processes(tmp_path) == []


def test_whoever_has_just_connected_when_it_is_told_to_stop_is_answered(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server, ExitStack() as stack:
        (worker,) = child_pids(server.process.pid)
        kill(worker, signal.SIGSTOP)  # so that nobody is taken in before it is told
        waiting = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(30)]
        for connection in waiting:
            stack.callback(connection.close)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        kill(worker, signal.SIGCONT)
        time.sleep(0.2)  # less than gunicorn.conf.py's LAST_CALL, and it has been told by now
        for connection in waiting:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert [connection.recv(12) for connection in waiting] == [b"HTTP/1.1 200"] * 30
        assert server.process.wait(timeout=15) == 0


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EMFILE, errno.ECONNABORTED])
def test_those_who_are_answered_are_told_though_nobody_more_can_be_taken_in(number):
    class Listener:
        def accept(self):
            raise OSError(number, os.strerror(number))

    class Connection:
        def shutdown(self):
            server.server_state.connections.remove(self)

    config = Config(app=None, lifespan="off", log_config=None)
    server = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["LastCall"](config=config)
    config.load()
    server.servers, server.lifespan = [], config.lifespan_class(config)
    server.server_state.connections.add(Connection())
    asyncio.run(server.shutdown([Listener()]))
    assert not server.server_state.connections
