"""Test backups: write them while leads are saved, restore them into an empty database, and compare all rows."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from leads import backups, intake
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
def empty_database(tmp_path):
    """The URL of an empty database: in SQLite or PostgreSQL, whichever the tests use."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    base, _, _ = os.environ["TEST_DATABASE_URL"].rpartition("/")
    name = f"restored_{os.getpid()}"
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{base}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


# Runs commands in one process. Prints the error of a command that fails, and goes on.
RUN_COMMANDS = """
import json, sys
import django
from django.core.management import CommandError, call_command
django.setup()
for arguments in json.loads(sys.argv[1]):
    try:
        call_command(*arguments)
    except CommandError as error:
        print("CommandError:", error)
"""


def run_commands(url, *commands):
    """Run commands of manage.py with another database. Return the lines of their output."""
    env = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "k" * 40,
        "DEBUG": "1",
    }
    command = [sys.executable, "-c", RUN_COMMANDS, json.dumps(commands)]
    process = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (0, "")
    return process.stdout.splitlines()


def rows(text):
    return {(row["model"], row["pk"]): row["fields"] for row in json.loads(text)}


def test_backup_during_writes_is_consistent_and_complete(tmp_path, empty_database, capsys, settings):
    settings.LEAD_LIMITS = dict.fromkeys(settings.LEAD_LIMITS, 100_000)
    stop, path = Event(), tmp_path / "backup"

    def save_repeatedly(worker):
        count = 0
        while not stop.wait(0.005):  # A short pause lets other threads write: SQLite has no queue
            intake.save_to_database(submission(f"{worker}-{count}"))
            count += 1
        connection.close()
        return count

    for number in range(50):
        intake.save_to_database(submission(number))
    before = set(Lead.objects.values_list("pk", flat=True))
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(save_repeatedly, worker) for worker in range(2)]
        try:
            call_command("backup", path)
        finally:
            stop.set()
    assert sum(each.result() for each in writers) > 0
    capsys.readouterr()
    call_command("dumpdata", "leads")
    original = rows(capsys.readouterr().out)

    count, dump = run_commands(empty_database, ("restore", str(path)), ("dumpdata", "leads"))
    assert stat.filemode(path.stat().st_mode) == "-rw-------"
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == ["backup"]
    restored = rows(dump)
    assert {("leads.lead", pk) for pk in before} <= set(restored)
    assert restored == {key: original[key] for key in restored}
    leads = {pk for model, pk in restored if model == "leads.lead"}
    assert count == f"Leads restored: {len(leads)}"
    notified = [fields["lead"] for (model, _), fields in restored.items() if model == "leads.message"]
    # Each lead's transaction also saves two messages: an email to sales and a reply.
    assert sorted(notified) == sorted([*leads, *leads])


def test_restore_refuses_a_database_that_is_not_empty(tmp_path, empty_database):
    call_command("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="the database already has"):
        call_command("restore", tmp_path / "backup")


def test_restore_refuses_incomplete_and_missing_files(tmp_path, empty_database):
    call_command("backup", tmp_path / "backup")
    half = (tmp_path / "backup").read_bytes()
    (tmp_path / "half").write_bytes(half[: len(half) // 2])
    (tmp_path / "nothing").touch()
    commands = [("restore", str(tmp_path / name)) for name in ("half", "nothing", "backup")]
    half, nothing, whole = run_commands(empty_database, *commands)
    assert half.startswith("CommandError: ") and nothing.startswith("CommandError: ")
    assert whole == "Leads restored: 0"  # the failed restores left the database empty
    with pytest.raises(CommandError, match="doesn't exist"):
        call_command("restore", tmp_path / "none")


def test_failed_backup_keeps_the_previous_one(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder" / "backup", tmp_path / "file" / "backup", tmp_path):
        with pytest.raises(CommandError, match=r"could not be written|failed"):
            call_command("backup", path)
    call_command("backup", tmp_path / "backup")
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == ["backup"]


def test_a_second_backup_is_refused_while_the_first_one_is_being_written(tmp_path, monkeypatch):
    write = backups._write

    def write_and_try_again(path):
        with pytest.raises(CommandError, match=r"another backup is being written to the folder .* Wait until"):
            call_command("backup", path)
        write(path)

    monkeypatch.setattr(backups, "_write", write_and_try_again)
    call_command("backup", tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_size


def test_postgresql_programs_get_the_options_of_the_database(monkeypatch):
    """Without these options, pg_dump would accept a server that the site itself doesn't trust."""
    database = {"HOST": "db", "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/ca.pem", "connect_timeout": 2}}
    environments = []

    def run(command, env, **options):
        environments.append(env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(backups, "connection", SimpleNamespace(settings_dict=database))
    monkeypatch.setattr(backups.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(backups.subprocess, "run", run)
    backups._run("pg_dump")
    options = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/ca.pem"}
    assert environments == [{"PATH": os.defpath, "PGHOST": "db", **options}]
