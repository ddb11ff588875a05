"""Time limits for calls to a remote database. No connection stays open after a call."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore, Event, Lock, Thread
from time import monotonic
from traceback import clear_frames
from typing import Generic, TypeVar

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

Result = TypeVar("Result")

# Seconds between two attempts to close an abandoned connection.
CLOSE_INTERVAL = 0.2

_slots = BoundedSemaphore(settings.DATABASE_CONNECTIONS)
_sqlite_lock = Lock()


def is_remote() -> bool:
    return connection.vendor != "sqlite"


def limit_all_statements(seconds: float) -> None:
    """Let PostgreSQL end each statement of this process after `seconds`. `run_with_timeout` sets a shorter limit."""

    def limit(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
        _limit_statements(connection, seconds)

    connection_created.connect(limit, weak=False, dispatch_uid="limit_all_statements")


def read_with_timeout(read: Callable[[], Result]) -> Result:
    """Call `read`. A remote database has settings.DATABASE_SECONDS to respond. After that, raise TimeoutError."""
    return run_with_timeout(settings.DATABASE_SECONDS, read) if is_remote() else read()


def write_with_timeout(write: Callable[[], Result]) -> Result:
    """Call `write`. A remote database has settings.DATABASE_SECONDS to respond. After that, raise TimeoutError.

    With SQLite, only one thread of this process writes at a time. SQLite's busy handler polls, so it isn't FIFO and
    could starve a writer.
    """
    if is_remote():
        return run_with_timeout(settings.DATABASE_SECONDS, write)
    if not _sqlite_lock.acquire(timeout=settings.DATABASE_SECONDS):
        raise TimeoutError
    try:
        return write()
    finally:
        _sqlite_lock.release()


def run_with_timeout(seconds: float, function: Callable[[], Result]) -> Result:
    """Run `function` in a thread with a database connection of its own, and return its result or raise its exception.

    Raise TimeoutError after `seconds`, and close the connection. A thread is necessary because a network call can hang
    in many ways, such as in a DNS lookup or on a half-open connection. No setting of a database driver covers all of
    these cases.
    """
    deadline = monotonic() + seconds
    if not _slots.acquire(timeout=seconds):
        raise TimeoutError
    call = _Call(function, seconds)
    try:
        call.start()
    except RuntimeError:  # the system allows no more threads
        _slots.release()
        raise
    return call.wait(max(0.0, deadline - monotonic()))


class _Call(Thread, Generic[Result]):
    """One call in a thread."""

    def __init__(self, function: Callable[[], Result], seconds: float) -> None:
        super().__init__(name="database", daemon=True)
        self._function, self._seconds = function, seconds
        self._finished = Event()
        self._result: Result
        self._error: BaseException | None = None
        self._database: BaseDatabaseWrapper | None = None

    def run(self) -> None:
        self._database = connections[DEFAULT_DB_ALIAS]  # each thread has its own connection
        try:
            _limit_statements(self._database, self._seconds)
            self._result = self._function()
        except BaseException as error:
            # In psycopg's frames, the exception and the socket refer to each other. If the frames weren't cleared, the
            # socket of a failed connection would stay open until the garbage collector runs.
            clear_frames(error.__traceback__)
            self._error = error  # `wait` raises this error in the thread that waits
        finally:
            connection.close()
            _slots.release()
            self._finished.set()

    def wait(self, seconds: float) -> Result:
        """Return the result or raise the exception. After `seconds`, abandon the call and raise TimeoutError."""
        if not self._finished.wait(seconds):
            Thread(target=self._close_connection, name="database closer", daemon=True).start()
            raise TimeoutError
        if self._error:
            raise self._error
        return self._result

    def _close_connection(self) -> None:
        """Shut down the connection again and again until the thread ends.

        The first attempt may fail, because the thread may still be opening the connection.
        """
        while not self._finished.wait(CLOSE_INTERVAL):
            if self._database is not None and self._database.connection is not None:
                _shut_down(self._database.connection)


def _limit_statements(database: BaseDatabaseWrapper, seconds: float) -> None:
    """Make PostgreSQL cancel each statement that takes longer than `seconds`.

    Otherwise, the statement would continue after the client is gone, because the server wouldn't notice.
    """
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{seconds * 1000:.0f}"])


def _shut_down(driver_connection: psycopg.Connection) -> None:
    """Shut down the socket of a connection that another thread is using. That thread's call then fails."""
    with suppress(OSError, psycopg.Error):
        number = driver_connection.fileno()
        with socket.socket(fileno=os.dup(number)) as copy:
            # If the thread closed its socket before os.dup, `copy` may be another socket that got the same number. So
            # check that the connection is still open.
            if driver_connection.fileno() == number:
                copy.shutdown(socket.SHUT_RDWR)
