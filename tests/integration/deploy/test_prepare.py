"""The site starts with its database up to date, or without it."""

import json
import os
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from deploy.database import is_up_to_date
from layersrank_site.management.commands import migrate

from ...conftest import free_port
from .test_startup_checks import GOOD_KEY, run

NOWHERE = "postgres://site:a-password@127.0.0.1:{}/site"

POSTGRES = os.environ.get("TEST_DATABASE_URL")


def prepare(**environment: str):
    done = run("-m", "deploy.prepare", SECRET_KEY=GOOD_KEY, **environment)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_database_is_made_where_there_is_none(tmp_path):
    folder = tmp_path / "new" / "data"
    assert prepare(DATA_DIR=str(folder)) == ""
    assert (folder / "db.sqlite3").stat().st_size > 0
    assert prepare(DATA_DIR=str(folder)) == ""


@pytest.mark.parametrize("broken", ["garbage", "folder"])
def test_a_database_that_is_none_keeps_nothing_from_starting(tmp_path, broken):
    path = tmp_path / "db.sqlite3"
    path.mkdir() if broken == "folder" else path.write_bytes(b"this is no database " * 1_000)
    first, second = (json.loads(line)["message"] for line in prepare(DATA_DIR=str(tmp_path)).splitlines())
    assert first.startswith("the database is not brought up to date yet: ")
    assert second == "pages are served; /readyz says what becomes of leads meanwhile"


def test_a_server_that_does_not_answer_keeps_nothing_from_starting(tmp_path):
    said = prepare(DATA_DIR=str(tmp_path), DATABASE_URL=NOWHERE.format(free_port()))
    assert "Connection refused" in said
    assert "a-password" not in said
    assert "Traceback" not in said


# Ends where it would look a fourth time.
IMPATIENT = """
from deploy import delivery_worker
looks = []
delivery_worker.time.sleep = lambda seconds: looks.append(seconds) or len(looks) < 3 or delivery_worker.sys.exit(7)
delivery_worker.main()
"""


def test_a_database_that_stays_away_is_told_of_once(tmp_path):
    done = run("-c", IMPATIENT, SECRET_KEY=GOOD_KEY, DATA_DIR=str(tmp_path), DATABASE_URL=NOWHERE.format(free_port()))
    assert done.returncode == 7, done.stderr
    (line,) = done.stderr.splitlines()
    assert "Connection refused" in json.loads(line)["message"]


@pytest.mark.skipif(not POSTGRES, reason="needs PostgreSQL: make test runs it there")
def test_a_migration_of_another_that_takes_long_keeps_nothing_from_starting(transactional_db, monkeypatch):
    monkeypatch.setattr(migrate, "_PATIENCE", 1)
    settings = connection.settings_dict
    with closing(psycopg.connect(POSTGRES.rpartition("/")[0] + "/" + settings["NAME"], autocommit=True)) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [migrate._LOCK])
        assert not is_up_to_date()
        other.execute("SELECT pg_advisory_unlock(%s)", [migrate._LOCK])
        assert is_up_to_date()
