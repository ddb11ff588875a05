"""The site starts with its database up to date, or without it."""

import json

import pytest

from ..conftest import free_port
from ..test_start import GOOD_KEY, run

NOWHERE = "postgres://site:a-password@127.0.0.1:{}/site"


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
    assert second == "pages are served, and leads wait in the spool until it is"


def test_a_server_that_does_not_answer_keeps_nothing_from_starting(tmp_path):
    said = prepare(DATA_DIR=str(tmp_path), DATABASE_URL=NOWHERE.format(free_port()))
    assert "Connection refused" in said
    assert "a-password" not in said
    assert "Traceback" not in said


# Ends where it would look a fourth time.
IMPATIENT = """
from deploy import deliver
looks = []
deliver.time.sleep = lambda seconds: looks.append(seconds) or len(looks) < 3 or deliver.sys.exit(7)
deliver.main()
"""


def test_a_database_that_stays_away_is_told_of_once(tmp_path):
    done = run("-c", IMPATIENT, SECRET_KEY=GOOD_KEY, DATA_DIR=str(tmp_path), DATABASE_URL=NOWHERE.format(free_port()))
    assert done.returncode == 7, done.stderr
    (line,) = done.stderr.splitlines()
    assert "Connection refused" in json.loads(line)["message"]
