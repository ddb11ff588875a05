"""Copies of the database that are whole, made while leads come in, and brought back into an empty one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from django.db import DatabaseError, connection


class Failed(Exception):
    """Says why there is no copy, or why it was not brought back."""


def backup(path: Path) -> None:
    """Writes the database to `path`, which has it whole or, where Failed is raised, what it had before."""
    unfinished = path.parent / f".{path.name}.unfinished"
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(0o600)  # it holds what visitors sent
        (_sqlite_backup if connection.vendor == "sqlite" else _postgresql_backup)(unfinished)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        raise Failed(f"the backup could not be written: {error}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def restore(path: Path) -> None:
    """Brings a backup into the database, which must be empty: without a table. Raises Failed and leaves it as it was
    where it is not, or where the backup is not one of this kind of database, or not whole."""
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise Failed(f"there is no file {path} that user {os.getuid()} may read")
    if tables := connection.introspection.table_names():
        raise Failed(f"the database is not empty: it has {len(tables)} tables. Name a new one in DATABASE_URL")
    (_sqlite_restore if connection.vendor == "sqlite" else _postgresql_restore)(path)


def _sqlite_backup(path: Path) -> None:
    """SQLite's online backup (https://www.sqlite.org/backup.html): those who write go on writing."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be read where nothing can be written
        _whole(copy)


def _sqlite_restore(path: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            _whole(copy)
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise Failed(f"this is no whole backup of SQLite: {error}") from error


def _whole(copy: sqlite3.Connection) -> None:
    [said] = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise sqlite3.DatabaseError(said)
    if not copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise sqlite3.DatabaseError("nothing is in it")


def _postgresql_backup(path: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}")


def _postgresql_restore(path: Path) -> None:
    said = ("--no-owner", "--exit-on-error", "--single-transaction")
    _run("pg_restore", *said, f"--dbname={connection.settings_dict['NAME']}", str(path))


def _run(program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL's own on the database; the password is not among its arguments, which anyone on the
    machine can read."""
    found = shutil.which(program)
    if not found:
        raise Failed(f"{program} is not on this machine (Debian: apt-get install postgresql-client)")
    settings = connection.settings_dict
    said = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {"PATH": os.defpath} | {name: str(settings[key]) for name, key in said.items() if settings.get(key)}
    run = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if run.returncode:
        raise Failed(f"{program} failed: {run.stderr.strip()}")
