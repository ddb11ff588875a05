"""Databases for drills: an empty SQLite or PostgreSQL database, and a PostgreSQL server to stop or pause."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg
from psycopg import sql

from ...support.postgres import Postgres
from .processes import child_pids, kill


@contextmanager
def empty(folder: Path, server: str) -> Iterator[str]:
    """Yield the URL of an empty database on a PostgreSQL server. `server` is the server's URL.

    If `server` is empty, the database is an SQLite file in `folder`.
    """
    if not server:
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    name = f"drill_{token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def own_server() -> Iterator[Postgres]:
    """Yield a running PostgreSQL server that the drill may stop."""
    with tempfile.TemporaryDirectory(prefix="layersrank-drill-") as folder:
        Path(folder).chmod(0o755)  # The user `postgres` must be able to enter the folder.
        server = Postgres(Path(folder) / "postgres")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def stop(server: Postgres, number: int, seconds: float) -> None:
    """Stop the server with the signal `number`, and restart it after `seconds`. Meanwhile, connections are refused."""
    server.stop(number)
    time.sleep(seconds)
    server.start()


def pause(server: Postgres, seconds: float) -> None:
    """Pause all processes of the server. Meanwhile, connections are accepted, but get no response."""
    assert server.process
    master = server.process.pid
    kill(master, signal.SIGSTOP)
    paused = [master, *child_pids(master)]
    for pid in paused:
        kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in paused:
        kill(pid, signal.SIGCONT)
