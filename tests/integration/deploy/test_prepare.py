"""deploy.prepare migrates the database, and the site starts even if that fails."""

import json
import os
import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from deploy.database import migrate
from layersrank_site.management.commands import migrate as migrate_command
from leads.advisory_locks import MIGRATIONS

from ...conftest import free_port
from .test_startup_checks import GOOD_KEY, run

UNREACHABLE = "postgres://site:a-password@127.0.0.1:{}/site"

POSTGRES = os.environ.get("TEST_DATABASE_URL")


def prepare(*command: str, **environment: str) -> str:
    """Run deploy.prepare, or another command. Check that it succeeds, and return its log."""
    process = run(*(command or ("-m", "deploy.prepare")), SECRET_KEY=GOOD_KEY, **environment)
    assert process.returncode == 0, process.stderr
    return process.stderr


def test_a_missing_database_is_created(tmp_path):
    folder = tmp_path / "new" / "data"
    twice = "from deploy import prepare; exit(prepare.main() or prepare.main())"
    assert prepare("-c", twice, DATA_DIR=str(folder)) == ""
    assert (folder / "db.sqlite3").stat().st_size > 0


@pytest.mark.parametrize("kind", ["garbage", "folder"])
def test_the_site_starts_even_if_the_database_file_is_unusable(tmp_path, kind):
    path = tmp_path / "db.sqlite3"
    path.mkdir() if kind == "folder" else path.write_bytes(b"this is not a database " * 1_000)
    first, second = (json.loads(line)["message"] for line in prepare(DATA_DIR=str(tmp_path)).splitlines())
    assert first.startswith("the database is not migrated yet: ")
    assert second == "the site serves pages without the database; /readyz reports whether leads can be saved"


def test_the_site_starts_even_if_the_list_of_migrations_is_inconsistent(tmp_path):
    """The list of applied migrations is inconsistent, for example after somebody has changed it by hand."""
    prepare(DATA_DIR=str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'leads' AND name = '0001_initial'")
    first, _ = (json.loads(line)["message"] for line in prepare(DATA_DIR=str(tmp_path)).splitlines())
    assert first.startswith("the database is not migrated yet: InconsistentMigrationHistory: Migration leads.0002")


def test_the_site_starts_even_if_the_database_server_is_unreachable(tmp_path):
    log = prepare(DATA_DIR=str(tmp_path), DATABASE_URL=UNREACHABLE.format(free_port()))
    assert "Connection refused" in log
    assert "a-password" not in log
    assert "Traceback" not in log


# This program runs the delivery worker, and exits after three attempts to migrate the database.
THREE_ATTEMPTS = """
from deploy import delivery_worker
delays = []
delivery_worker.time.sleep = lambda seconds: delays.append(seconds) or len(delays) < 3 or exit(7)
delivery_worker.main()
"""


def test_the_delivery_worker_logs_an_unreachable_database_once(tmp_path):
    url = UNREACHABLE.format(free_port())
    process = run("-c", THREE_ATTEMPTS, SECRET_KEY=GOOD_KEY, DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert process.returncode == 7, process.stderr
    (line,) = process.stderr.splitlines()
    assert "Connection refused" in json.loads(line)["message"]


@pytest.mark.skipif(not POSTGRES, reason="needs PostgreSQL: set TEST_DATABASE_URL, or run make test-all")
def test_the_site_starts_during_a_long_migration_by_another_process(transactional_db, monkeypatch):
    monkeypatch.setattr(migrate_command, "LOCK_TIMEOUT", 1)
    settings = connection.settings_dict
    with closing(psycopg.connect(POSTGRES.rpartition("/")[0] + "/" + settings["NAME"], autocommit=True)) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [MIGRATIONS])
        assert not migrate()
        other.execute("SELECT pg_advisory_unlock(%s)", [MIGRATIONS])
        assert migrate()
