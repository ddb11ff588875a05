"""Backups: written while leads come in, brought back into an empty database, compared row by row."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from leads import intake
from leads.models import Lead
from leads.submissions import Submission

from ...conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


def submission(number):
    return Submission(
        opening=f"opening {number}",
        page="/start",
        sent_at=datetime.now(UTC),
        fields={"name": "Zoë — “₹”", "email": f"person{number}@example.com"},
        consent="Yes.",
        came_from="",
        referrer_host="",
        campaign={"utm_source": "letter"},
        client=f"client {number}",
        suspicion="",
        reply_subject="Thanks",
        reply="Thank you.",
    )


@pytest.fixture
def empty(tmp_path):
    """The address of an empty database of the kind under test."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    base, _, _ = os.environ["TEST_DATABASE_URL"].rpartition("/")
    name = f"restored_{os.getpid()}"
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{base}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(url, *arguments):
    env = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "k" * 40,
    }
    run = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(run, cwd=ROOT, env=env | {"DEBUG": "1"}, capture_output=True, text=True, check=False)


def rows(text):
    return {(row["model"], row["pk"]): row["fields"] for row in json.loads(text)}


def test_what_was_kept_before_a_backup_began_is_in_it_whole(tmp_path, empty, capsys, settings):
    settings.LEAD_CAPS = dict.fromkeys(settings.LEAD_CAPS, 100_000)
    stop, path = Event(), tmp_path / "backup"

    def keep_on(worker):
        count = 0
        while not stop.is_set():
            intake.save_to_database(submission(f"{worker}-{count}"))
            count += 1
        connection.close()
        return count

    for number in range(50):
        intake.save_to_database(submission(number))
    before = set(Lead.objects.values_list("pk", flat=True))
    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(keep_on, worker) for worker in range(2)]
        try:
            call_command("backup", path)
        finally:
            stop.set()
    assert sum(each.result() for each in writing) > 0
    capsys.readouterr()
    call_command("dumpdata", "leads")
    ours = rows(capsys.readouterr().out)

    restored = manage(empty, "restore", path)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert stat.filemode(path.stat().st_mode) == "-rw-------"
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == ["backup"]
    theirs = rows(manage(empty, "dumpdata", "leads").stdout)
    assert {("leads.lead", pk) for pk in before} <= set(theirs)
    assert theirs == {key: ours[key] for key in theirs}
    leads = {pk for model, pk in theirs if model == "leads.lead"}
    told = [fields["lead"] for (model, _), fields in theirs.items() if model == "leads.message"]
    assert sorted(told) == sorted([*leads, *leads])  # to sales and to the visitor, each in its lead's transaction


def test_nothing_is_restored_over_what_is_there(tmp_path, empty):
    call_command("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="the database is not empty"):
        call_command("restore", tmp_path / "backup")


def test_half_a_backup_and_none_are_refused(tmp_path, empty):
    call_command("backup", tmp_path / "backup")
    half = (tmp_path / "backup").read_bytes()
    (tmp_path / "half").write_bytes(half[: len(half) // 2])
    (tmp_path / "nothing").touch()
    for name, said in (("half", "Error"), ("nothing", "Error"), ("none", "there is no file")):
        refused = manage(empty, "restore", tmp_path / name)
        assert refused.returncode == 1 and said in refused.stderr
        assert "Traceback" not in refused.stderr
    assert manage(empty, "restore", tmp_path / "backup").returncode == 0  # the database is as empty as before


def test_a_backup_that_cannot_be_written_leaves_the_last_one(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder" / "backup", tmp_path / "file" / "backup", tmp_path):
        with pytest.raises(CommandError, match=r"could not be written|failed"):
            call_command("backup", path)
    call_command("backup", tmp_path / "backup")
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == ["backup"]
