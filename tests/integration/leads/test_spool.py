"""Test the spool: no complete record is lost or replayed twice, and damaged records are set aside."""

import json
import os
import re
import stat
import subprocess
import sys
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import DataError, IntegrityError, OperationalError

from leads import intake, spool
from leads.models import Lead
from leads.submissions import from_json
from tests.support.waiting import PATIENCE

from .conftest import in_parallel, submission


def lines(path):
    return [line for line in path.read_text().split("\n") if line]


def jsonl_files(folder):
    return sorted(path.name for path in folder.glob("*.jsonl"))


def test_submissions_are_replayed_once_in_order(spool_dir):
    submissions = [submission(number) for number in range(5)]
    for each in submissions:
        spool.append(each)
    assert spool.pending_count() == 5
    saved = []
    assert spool.replay(saved.append) == 5
    assert saved == submissions
    assert spool.pending_count() == 0
    assert spool.replay(saved.append) == 0
    assert jsonl_files(spool_dir) == []


def test_empty_spool(spool_dir):
    assert (spool.pending_count(), len(spool.set_aside()), spool.replay(lambda each: None)) == (0, 0, 0)


def test_files_are_private(spool_dir):
    spool.append(submission())
    assert stat.S_IMODE(spool_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((spool_dir / "leads.jsonl").stat().st_mode) == 0o600
    (spool_dir / "leads.jsonl").write_text("torn")
    spool.replay(lambda each: None)
    assert stat.S_IMODE((spool_dir / "aside.jsonl").stat().st_mode) == 0o600


def test_parallel_appends_save_every_record():
    in_parallel(lambda number: spool.append(submission(number)), 20)
    saved = []
    assert spool.replay(saved.append) == 20
    assert len({each.key for each in saved}) == 20


def test_submission_appended_during_a_replay_is_saved_by_the_next_replay():
    saved = []

    def save(each):
        saved.append(each)
        if len(saved) == 1:
            spool.append(submission(2))

    spool.append(submission(1))
    assert spool.replay(save) == 1
    assert spool.pending_count() == 1
    assert spool.replay(save) == 1
    assert saved == [submission(1, sent_at=saved[0].sent_at), submission(2, sent_at=saved[1].sent_at)]


def test_only_one_replay_runs_at_a_time():
    spool.append(submission())
    started, proceed, saved = Event(), Event(), []

    def save(each):
        started.set()
        proceed.wait(PATIENCE)
        saved.append(each)

    first = Thread(target=spool.replay, args=(save,))
    first.start()
    assert started.wait(PATIENCE)
    assert spool.replay(saved.append) == 0
    proceed.set()
    first.join(PATIENCE)
    assert len(saved) == 1


# Crashes


@pytest.mark.parametrize("end", [1, 20, -20, -1])
def test_incomplete_record_is_set_aside_without_affecting_others(spool_dir, caplog, end):
    spool.append(submission(1))
    complete = (spool_dir / "leads.jsonl").read_bytes()
    with (spool_dir / "leads.jsonl").open("ab") as file:
        file.write(complete.strip(b"\n")[:end])
    spool.append(submission(2))
    saved = []
    assert spool.replay(saved.append) == 2
    assert [each.opening for each in saved] == ["opening-1", "opening-2"]
    assert len(spool.set_aside()) == 1
    assert "example.com" not in caplog.text


def test_record_without_its_last_newline_counts_as_complete(spool_dir):
    spool.append(submission(1))
    path = spool_dir / "leads.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    spool.append(submission(2))
    assert spool.replay(lambda each: None) == 2


@pytest.mark.parametrize("data", [b"\x00" * 4096, b"\xff\xfe\n\x80", b"{}\n[]\n7\n", b'{"fields": []}\n'])
def test_corrupt_data_is_set_aside(spool_dir, data):
    spool.append(submission(1))
    with (spool_dir / "leads.jsonl").open("ab") as file:
        file.write(data)
    spool.append(submission(2))
    assert spool.replay(lambda each: None) == 2
    assert len(spool.set_aside()) > 0


def test_replay_after_a_database_error_starts_with_the_first_record(spool_dir):
    for number in range(3):
        spool.append(submission(number))

    def fail(each):
        if each.opening == "opening-1":
            raise OperationalError("gone")
        saved.append(each)

    saved = []
    with pytest.raises(OperationalError):
        spool.replay(fail)
    assert spool.pending_count() == 3
    spool.append(submission(3))
    replayed = []
    assert spool.replay(replayed.append) == 4
    assert [each.opening for each in replayed] == [f"opening-{number}" for number in range(4)]
    assert jsonl_files(spool_dir) == []


def test_corrupt_record_is_set_aside_once_even_if_replays_fail_repeatedly(spool_dir, caplog):
    def fail(each):
        raise OperationalError("gone")

    spool.append(submission(1))
    (spool_dir / "leads.jsonl").write_text("\ntorn \xe9\n" + (spool_dir / "leads.jsonl").read_text())
    for _ in range(3):
        with pytest.raises(OperationalError):
            spool.replay(fail)
    assert len(spool.set_aside()) == len(caplog.records) == 1
    assert spool.replay(lambda each: None) == 1


@pytest.mark.parametrize("error", [DataError("no"), IntegrityError("no")])
def test_rejected_record_is_set_aside_and_others_are_saved(spool_dir, caplog, error):
    def save(each):
        if each.opening == "opening-0":
            raise error
        saved.append(each)

    saved = []
    spool.append(submission(0))
    spool.append(submission(1))
    assert spool.replay(save) == 1
    assert len(saved) == 1
    assert len(spool.set_aside()) == 1
    assert from_json(lines(spool_dir / "aside.jsonl")[0]).opening == "opening-0"
    assert caplog.records[0].levelname == "CRITICAL"
    assert "example.com" not in caplog.text


UNEXPECTED = [TypeError("no"), AttributeError("no"), KeyError("no"), ValueError("no"), RuntimeError("no")]


@pytest.mark.parametrize("error", UNEXPECTED, ids=lambda error: type(error).__name__)
def test_record_is_retried_after_an_unexpected_error(spool_dir, caplog, error):
    def save(each):
        if each.opening == "opening-1" and len(saved) < 4:
            raise error
        saved.append(each)

    saved = []
    for number in range(3):
        spool.append(submission(number))
    (spool_dir / "leads.jsonl").write_text("\ntorn\n" + (spool_dir / "leads.jsonl").read_text())
    for count in (1, 1):
        with pytest.raises(type(error)):
            spool.replay(save)
        assert (spool.pending_count(), len(spool.set_aside())) == (count, 1)
        assert stat.S_IMODE(next(spool_dir.glob("taken-*")).stat().st_mode) == 0o600
    spool.append(submission(3))
    spool.append(submission(4))
    with pytest.raises(type(error)):
        spool.replay(save)
    assert spool.replay(save) == 1
    assert [each.opening for each in saved] == [f"opening-{number}" for number in (0, 2, 3, 4, 1)]
    assert (jsonl_files(spool_dir), len(caplog.records)) == (["aside.jsonl"], 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": []},
        {"fields": {"name": "no email"}},
        {"fields": {"email": 7}},
        {"campaign": None},
        {"campaign": {"utm_source": ["x"]}},
        {"sent_at": "2027-01-31T12:00:00"},
        {"page": 7},
        {"reply": None},
        {"consent": "\ud800"},
        {"fields": {"email": "\ud800@example.com"}},
    ],
    ids=str,
)
def test_record_with_values_that_no_form_sends_is_set_aside(spool_dir, changes):
    def fail(each):
        raise AssertionError("save must not be called")

    spool.check_writable()
    (spool_dir / "leads.jsonl").write_text(json.dumps(json.loads(submission().to_json()) | changes) + "\n")
    assert spool.replay(fail) == 0
    assert len(spool.set_aside()) == 1


# Records that were set aside


@pytest.mark.django_db
def test_complete_records_that_were_set_aside_are_saved_by_a_replay(spool_dir):
    spool.append(submission(1))
    complete = (spool_dir / "leads.jsonl").read_bytes()
    (spool_dir / "leads.jsonl").unlink()
    (spool_dir / "aside.jsonl").write_bytes(b"\n\xfftorn\x1b\n" + complete + complete)
    assert spool.replay_set_aside(intake.save_to_database) == 2
    assert (spool_dir / "aside.jsonl").read_bytes() == b"\n\xfftorn\x1b\n"
    assert stat.S_IMODE((spool_dir / "aside.jsonl").stat().st_mode) == 0o600
    assert Lead.objects.count() == 1
    assert spool.replay_set_aside(intake.save_to_database) == 0


@pytest.mark.parametrize("error", [OperationalError("gone"), TypeError("odd")])
def test_records_stay_set_aside_after_an_error(spool_dir, error):
    def fail(each):
        raise error

    spool.append(submission(1))
    (spool_dir / "leads.jsonl").rename(spool_dir / "aside.jsonl")
    with pytest.raises(type(error)):
        spool.replay_set_aside(fail)
    assert len(spool.set_aside()) == 1


# This program forks a process for each case, and prints the exit code of each process.
PROGRAM = """
import os, resource, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from leads import spool
from tests.integration.leads.conftest import submission

def exit_at(step, number):
    calls, real = [], getattr(os, step)
    def replacement(*args, **kwargs):
        calls.append(step)
        return os._exit(9) if len(calls) == number else real(*args, **kwargs)
    setattr(os, step, replacement)

def limit_file_size(size):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

def append():
    try:
        spool.append(submission(2))
    except OSError:
        os._exit(1)

def replay():
    spool.replay(lambda each: None)

for folder, prepare, action in eval(sys.argv[1]):
    settings.SPOOL_DIR = Path(folder)
    child = os.fork()
    if not child:
        prepare()
        action()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
SUCCEEDED, FAILED, CRASHED = 0, 1, 9


def run_cases(*cases):
    """Run PROGRAM, and return each case's exit code.

    A case is a tuple: the spool's folder, a Python expression that prepares the fault, and the name of the function to
    run (`append` or `replay`).
    """
    source = ", ".join(f"({str(folder)!r}, lambda: {fault}, {action})" for folder, fault, action in cases)
    command = [sys.executable, "-c", PROGRAM, f"[{source}]"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    return [int(line) for line in process.stdout.split()]


@contextmanager
def folders(settings, tmp_path, names, count):
    """For each name, create a spool folder with `count` records. Yield a dict of the folders and a dict of results.

    The results are empty until the `with` block ends. Then append record number 9 to each spool, replay the spool,
    and store the result: a string of the replayed records' numbers, such as "09".
    """
    paths = {name: tmp_path / name for name in names}
    for folder in paths.values():
        settings.SPOOL_DIR = folder
        for number in range(count):
            spool.append(submission(number))
    replayed = {}
    yield paths, replayed
    for name, folder in paths.items():
        settings.SPOOL_DIR = folder
        spool.append(submission(9))
        saved = []
        spool.replay(saved.append)
        replayed[name] = "".join(each.opening.removeprefix("opening-") for each in saved)


def test_crash_during_append_keeps_earlier_records(settings, tmp_path):
    steps = [("open", 1), ("write", 1), ("fsync", 1), ("fsync", 2), ("close", 1)]
    with folders(settings, tmp_path, [f"{step}{number}" for step, number in steps], 1) as (paths, replayed):
        cases = [(paths[f"{step}{number}"], f"exit_at({step!r}, {number})", "append") for step, number in steps]
        assert run_cases(*cases) == [CRASHED] * len(steps)
    assert {openings.replace("2", "") for openings in replayed.values()} == {"09"}
    assert "2" in replayed["fsync2"]


def test_crash_during_replay_loses_no_record(settings, tmp_path):
    steps = [("rename", 1), ("unlink", 1), ("unlink", 2)]
    with folders(settings, tmp_path, [f"{step}{number}" for step, number in steps], 3) as (paths, replayed):
        cases = [(paths[f"{step}{number}"], f"exit_at({step!r}, {number})", "replay") for step, number in steps]
        assert run_cases(*cases) == [CRASHED] * len(steps)
    assert replayed == {"rename1": "0129", "unlink1": "0129", "unlink2": "0129"}


def test_replay_removes_the_copy_that_a_crashed_process_left(spool_dir):
    spool.append(submission())
    (spool_dir / "leads.jsonl").rename(spool_dir / "taken-000001.jsonl")
    (spool_dir / ".taken-000001.jsonl").write_text("priya@example.com")
    assert spool.replay(lambda each: None) == 1
    assert not [path for path in spool_dir.iterdir() if path.suffix == ".jsonl"]


# Disk errors


def test_append_to_a_full_disk_fails_and_keeps_earlier_records(settings, tmp_path):
    with folders(settings, tmp_path, ["full", "free"], 1) as (paths, replayed):
        size = (paths["full"] / "leads.jsonl").stat().st_size
        sizes = {"full": size + 100, "free": 9 * size}
        cases = [(folder, f"limit_file_size({sizes[name]})", "append") for name, folder in paths.items()]
        assert run_cases(*cases) == [FAILED, SUCCEEDED]
    assert replayed == {"full": "09", "free": "029"}


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_unusable_folder_raises(settings, tmp_path, name):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / name
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        spool.append(submission())
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        spool.check_writable()


def test_checking_that_the_spool_is_writable_adds_no_record(spool_dir):
    spool.check_writable()
    assert spool.pending_count() == 0


def test_partial_write_is_removed(spool_dir, monkeypatch):
    spool.append(submission())
    before = (spool_dir / "leads.jsonl").read_bytes()
    write, calls = os.write, []

    def write_partly(descriptor, data):
        calls.append(data)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[:100])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write_partly)
        with pytest.raises(OSError, match="No space"):
            spool.append(submission(1))
    assert (spool_dir / "leads.jsonl").read_bytes() == before
    spool.append(submission(2))
    assert (spool.pending_count(), len(spool.set_aside())) == (2, 0)
