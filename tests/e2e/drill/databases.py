"""An empty database for each drill, in a file or on a PostgreSQL; and a PostgreSQL of a drill's own, to be stopped."""

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
from .processes import children, kill


@contextmanager
def empty(folder: Path, server: str) -> Iterator[str]:
    """The address of an empty database: on the PostgreSQL that `server` names, or else in `folder`."""
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
    with tempfile.TemporaryDirectory(prefix="layersrank-drill-") as folder:
        Path(folder).chmod(0o755)  # root's server runs under another account
        server = Postgres(Path(folder) / "postgres")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def stop(server: Postgres, number: int, seconds: float) -> None:
    """Away for a while: what it was asked for is broken off, and nobody listens."""
    server.stop(number)
    time.sleep(seconds)
    server.start()


def hang(server: Postgres, seconds: float) -> None:
    """There for a while, and silent: connections are taken, and not a word comes back."""
    assert server.process
    master = server.process.pid
    kill(master, signal.SIGSTOP)
    stopped = [master, *children(master)]
    for pid in stopped:
        kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in stopped:
        kill(pid, signal.SIGCONT)
