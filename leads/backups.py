"""Database backups: write a consistent copy while the site runs, and restore it into an empty database."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from django.db import DatabaseError, connection

# Parameters that DATABASE_URL may have, and the variables that PostgreSQL's programs read instead
# (https://www.postgresql.org/docs/current/libpq-envars.html).
_OPTION_VARIABLES = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "channel_binding": "PGCHANNELBINDING",
    "gssencmode": "PGGSSENCMODE",
    "require_auth": "PGREQUIREAUTH",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


class BackupError(Exception):
    """A backup could not be written or restored. The message gives the reason."""


def backup(path: Path) -> None:
    """Write the database to `path`. On failure, raise BackupError and leave an existing file unchanged.

    Only one backup at a time can run in a folder. Otherwise, two backups to the same path would write to the same
    unfinished file.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write(path)
        finally:
            os.close(folder)
    except BlockingIOError as error:
        raise BackupError(
            f"another backup is being written to the folder {path.parent}. Wait until it has ended"
        ) from error
    except (OSError, sqlite3.Error, DatabaseError) as error:
        raise BackupError(f"the backup could not be written: {error}") from error


def _write(path: Path) -> None:
    temporary = path.parent / f".{path.name}.unfinished"
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(0o600)  # the backup contains personal data
        (_backup_sqlite if connection.vendor == "sqlite" else _backup_postgresql)(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def restore(path: Path) -> None:
    """Restore the backup at `path` into the database, which must have no tables.

    Raise BackupError if the database has tables, or if the file is incomplete or comes from another kind of database.
    After a BackupError, the database is unchanged.
    """
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise BackupError(f"the file {path} doesn't exist, or user {os.getuid()} can't read it")
    if tables := connection.introspection.table_names():
        raise BackupError(f"the database already has {len(tables)} tables. Set DATABASE_URL to an empty database")
    (_restore_sqlite if connection.vendor == "sqlite" else _restore_postgresql)(path)


def _backup_sqlite(path: Path) -> None:
    """Use SQLite's online backup (https://www.sqlite.org/backup.html), which doesn't block writers."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a WAL database can't be opened on a read-only file system
        _check_integrity(copy)


def _restore_sqlite(path: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            _check_integrity(copy)
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise BackupError(f"the file {path} is not a complete SQLite backup: {error}") from error


def _check_integrity(copy: sqlite3.Connection) -> None:
    [result] = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise sqlite3.DatabaseError(result)
    if not copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise sqlite3.DatabaseError("the file has no tables")


def _backup_postgresql(path: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}")


def _restore_postgresql(path: Path) -> None:
    options = ("--no-owner", "--exit-on-error", "--single-transaction")
    _run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(path))


def _run(program: str, *arguments: str) -> None:
    """Run a PostgreSQL client program.

    Pass the password in the program's environment, because other users can read the arguments.
    """
    executable = shutil.which(program)
    if not executable:
        raise BackupError(f"the program {program} is not installed (on Debian: apt-get install postgresql-client)")
    settings = connection.settings_dict
    variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    values = {name: str(settings[key]) for name, key in variables.items() if settings.get(key)}
    options = settings.get("OPTIONS", {})
    values |= {variable: str(options[name]) for name, variable in _OPTION_VARIABLES.items() if name in options}
    command, environment = [executable, *arguments], {"PATH": os.defpath} | values
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise BackupError(f"the program {program} failed: {result.stderr.strip()}")
