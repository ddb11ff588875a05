"""Test that calls to a hanging remote database end in time, and leave no connection open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
from django.conf import settings as site_settings
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.db.utils import OperationalError

from leads import database_timeout, intake, spool
from leads.database_timeout import limit_all_statements, run_with_timeout
from leads.models import Lead
from tests.support.postgres import Postgres, needs_postgres
from tests.support.waiting import PATIENCE

from .conftest import in_parallel, submission

MAX_CONNECTIONS = site_settings.DATABASE_CONNECTIONS
POSTS = 3 * MAX_CONNECTIONS

# This program waits for a line of input before each step. The program saves POSTS leads in parallel, and then replays
# its spool. Garbage collection is off, so that a connection is closed only if the code closes it.
PROGRAM = """
import gc, sys
gc.disable()
import django
django.setup()
from pathlib import Path
from threading import Thread
from time import sleep
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from leads import intake, spool
from tests.integration.leads.conftest import submission

settings.SPOOL_DIR, count = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
input()
threads = [Thread(target=intake.save, args=(submission(number),)) for number in range(count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(spool.pending_count(), flush=True)
input()
while spool.pending_count():
    try:
        spool.replay(intake.save_to_database)
    except DatabaseError:
        sleep(0.1)
print(spool.pending_count(), flush=True)
input()
"""


@contextmanager
def saving(url: str, folder: object, count: int = POSTS) -> Iterator[Callable[[], str]]:
    """Start PROGRAM, and yield a function that lets the program continue and returns its next line."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url}
    command = [sys.executable, "-c", PROGRAM, str(folder), str(count)]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"

            def proceed() -> str:
                process.stdin.write("\n")
                process.stdin.flush()
                return process.stdout.readline().strip()

            yield proceed
        finally:
            process.kill()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# The start of a PostgreSQL session (https://www.postgresql.org/docs/current/protocol-flow.html): the client's requests
# for encryption, and the server's AuthenticationOk, ParameterStatus and ReadyForQuery.
SSL_OR_GSS = (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30")
PARAMETERS = (b"server_version\017.0\0", b"client_encoding\0UTF8\0", b"TimeZone\0UTC\0")
SESSION = b"R\0\0\0\x08\0\0\0\0" + b"".join(
    b"S" + (len(parameter) + 4).to_bytes(4, "big") + parameter for parameter in PARAMETERS
)
SESSION += b"Z\0\0\0\x05I"


class HangingServer:
    """A server that accepts connections and sends nothing.

    If `is_open` is true, the server opens sessions, but answers no query.
    """

    def __init__(self, is_open: bool) -> None:
        self.is_open = is_open
        self.accepted: list[socket.socket] = []
        self.closed: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=POSTS)
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"postgres://site@127.0.0.1:{self.listener.getsockname()[1]}/site"

    def _accept(self) -> None:
        with suppress(OSError):  # the test is over
            while True:
                peer, _ = self.listener.accept()
                self.accepted.append(peer)
                Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, suppress(ConnectionError):
            while self.is_open and peer.recv(4096)[4:8] in SSL_OR_GSS:
                peer.sendall(b"N")
            if self.is_open:
                peer.sendall(SESSION)
            while peer.recv(4096):
                pass
        self.closed.append(peer)


@pytest.mark.parametrize("is_open", [False, True], ids=["while connecting", "during a query"])
def test_connections_to_a_hanging_server_are_closed(tmp_path, is_open):
    server = HangingServer(is_open)
    with server.listener, saving(server.url, tmp_path) as proceed:
        assert proceed() == str(POSTS)  # all leads are in the spool
        until(lambda: len(server.closed) == len(server.accepted) > 0)


@pytest.fixture
def small_server() -> Iterator[Postgres]:
    """A PostgreSQL server with the site's tables and few connections."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the user `postgres` must be able to enter the folder
        server = Postgres(Path(folder) / "postgres")
        with (server.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(f"max_connections = {MAX_CONNECTIONS // 2}\nsuperuser_reserved_connections = 0\n")
        server.start()
        try:
            env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": server.url}
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=env, check=True)
            yield server
        finally:
            server.process.send_signal(signal.SIGCONT)
            server.stop()


@needs_postgres
def test_a_server_that_continues_after_a_pause_has_free_connections(small_server, tmp_path):
    with saving(small_server.url, tmp_path) as proceed:
        small_server.process.send_signal(signal.SIGSTOP)
        assert proceed() == str(POSTS)
        small_server.process.send_signal(signal.SIGCONT)
        assert proceed() == "0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is not remote")
def test_the_database_server_ends_abandoned_statements(settings):
    settings.DATABASE_SECONDS = 0.5
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_lead")
        in_parallel(lambda number: intake.save(submission(number)), POSTS)
        assert spool.pending_count() == POSTS

        def other_sessions() -> int:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
            return int(cursor.fetchone()[0])

        until(lambda: other_sessions() == 0)
    settings.DATABASE_SECONDS = PATIENCE
    assert spool.replay(intake.save_to_database) == Lead.objects.count() == POSTS


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no statement_timeout")
def test_the_database_server_ends_statements_that_exceed_the_time_limit_of_the_process():
    limit_all_statements(0.1)
    try:
        connection.close()
        with connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(60)")
    finally:
        connection_created.disconnect(dispatch_uid="limit_all_statements")
        connection.close()


# run_with_timeout


@pytest.mark.django_db(transaction=True)
def test_run_with_timeout_returns_the_result_or_raises_the_error():
    assert run_with_timeout(PATIENCE, lambda: 7) == 7
    assert run_with_timeout(PATIENCE, lambda: None) is None
    with pytest.raises(ZeroDivisionError):
        run_with_timeout(PATIENCE, lambda: 1 / 0)


@pytest.mark.django_db(transaction=True)
def test_slow_function_keeps_its_slot_after_the_timeout():
    proceed, finished = Event(), Event()

    def work() -> None:
        proceed.wait(PATIENCE)
        finished.set()

    for _ in range(MAX_CONNECTIONS):
        with pytest.raises(TimeoutError):
            run_with_timeout(0.05, work)
    with pytest.raises(TimeoutError):
        run_with_timeout(0.05, lambda: None)
    proceed.set()
    assert finished.wait(PATIENCE)
    assert run_with_timeout(PATIENCE, lambda: 7) == 7


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_cant_start_gives_its_slot_back(monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(database_timeout._Call, "start", refuse)
        for _ in range(MAX_CONNECTIONS + 1):
            with pytest.raises(RuntimeError, match="new thread"):
                run_with_timeout(0.05, lambda: None)
    assert run_with_timeout(PATIENCE, lambda: 7) == 7


def test_a_closed_connection_is_not_shut_down():
    class Closed:
        def fileno(self) -> int:
            raise database_timeout.psycopg.OperationalError("the connection is closed")

    database_timeout._shut_down(Closed())


def test_another_socket_with_the_same_number_is_not_shut_down():
    ours, peer = socket.socketpair()

    class JustClosed:
        numbers = iter([ours.fileno(), -1])

        def fileno(self) -> int:
            return next(self.numbers)

    with ours, peer:
        database_timeout._shut_down(JustClosed())
        ours.sendall(b"x")
        assert peer.recv(1) == b"x"
