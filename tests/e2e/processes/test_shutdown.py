"""gunicorn stops in time, and no request fails."""

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

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL, serving
from ...e2e.drill.processes import child_pids, kill

MAX_SECONDS = 8  # One more than graceful_timeout in gunicorn.conf.py.


def publisher_processes(folder):
    """Return the ids of the publisher processes, active and standby, whose lock is in `folder`."""
    pids = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "pages.publish.publisher_process" in command and any(str(folder) in each for each in command):
            pids.append(int(pid))
    return pids


def test_shutdown_closes_idle_connections_and_finishes_running_requests(tmp_path):
    bodies = []

    def request_slow_page(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/slow")
        bodies.append(connection.getresponse().read())
        connection.close()

    with serving(tmp_path, "tests.support.slow_site:application") as server, ExitStack() as stack:
        for number in range(30):
            idle = socket.create_connection(("127.0.0.1", server.port))
            stack.callback(idle.close)
            # A third of the connections send a request. Another third send half a request. The rest send nothing.
            if number % 3 == 0:
                idle.sendall(f"GET {SEED_URL} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                assert idle.recv(100).startswith(b"HTTP/1.1 200 OK")
            elif number % 3 == 1:
                idle.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        clients = [Thread(target=request_slow_page, args=(server.port,)) for _ in range(10)]
        for thread in clients:
            thread.start()
        time.sleep(0.5)
        assert len(publisher_processes(tmp_path)) == 2
        start = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=PATIENCE) == 0
        assert time.monotonic() - start < MAX_SECONDS
        for thread in clients:
            thread.join()
    assert bodies == [b"done\n"] * 10
    for _ in range(50):
        if not publisher_processes(tmp_path):
            break
        time.sleep(0.1)
    assert publisher_processes(tmp_path) == []


def test_connections_in_the_backlog_are_served_during_shutdown(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server, ExitStack() as stack:
        (worker,) = child_pids(server.process.pid)
        kill(worker, signal.SIGSTOP)  # Pause the worker, so that the connections stay in the backlog.
        backlog = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(30)]
        for connection in backlog:
            stack.callback(connection.close)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        kill(worker, signal.SIGCONT)
        time.sleep(0.2)  # Enough time for SIGTERM to arrive, but less than FIRST_REQUEST_TIMEOUT in gunicorn.conf.py.
        for connection in backlog:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert [connection.recv(12) for connection in backlog] == [b"HTTP/1.1 200"] * 30
        assert server.process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EMFILE, errno.ECONNABORTED])
def test_open_connections_are_shut_down_even_if_accept_fails(number):
    class Listener:
        def accept(self):
            raise OSError(number, os.strerror(number))

    class Connection:
        def shutdown(self):
            server.server_state.connections.remove(self)

    config = Config(app=None, lifespan="off", log_config=None)
    server = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["DrainingServer"](config=config)
    config.load()
    server.servers, server.lifespan = [], config.lifespan_class(config)
    server.server_state.connections.add(Connection())
    asyncio.run(server.shutdown([Listener()]))
    assert not server.server_state.connections
