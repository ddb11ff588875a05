"""The programs of the site live and end together, whatever happens when."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT

# Each program writes a line when it begins to, and when it is told something.
PROGRAM = """
import os, signal, sys, time
name, folder, ends = sys.argv[1:]
def tell(text):
    with open(os.path.join(folder, "told"), "a") as file:
        file.write(f"{name} {text}\\n")
def told(number, frame):
    tell(signal.Signals(number).name)
    if number == signal.SIGTERM and ends != "never":
        sys.exit(0)
signal.signal(signal.SIGTERM, told)
signal.signal(signal.SIGHUP, told)
tell("begins")
if ends == "orphans" and os.fork() == 0:
    if os.fork() == 0:
        os._exit(0)
    os._exit(0)
if ends.isdecimal():
    sys.exit(int(ends))
while True:
    time.sleep(0.05)
"""
# A process that gets orphans, as the first of a container does (PR_SET_CHILD_SUBREAPER).
SUPERVISE = """
import ctypes, sys
from deploy import supervise
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
program = [sys.executable, "-c", {program!r}]
supervise.PROGRAMS = {{name: [*program, name, {folder!r}, ends] for name, ends in {ends!r}.items()}}
supervise.PATIENCE = {patience}
sys.exit(supervise.main())
"""


class Running:
    def __init__(self, folder: Path, ends: dict[str, str]) -> None:
        self.names, self._told = list(ends), folder / "told"
        patience = 1 if "never" in ends.values() else 60  # a machine that is slow ends none that would end by itself
        code = SUPERVISE.format(program=PROGRAM, folder=str(folder), ends=ends, patience=patience)
        command = [sys.executable, "-c", code]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    @property
    def told(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []

    @property
    def mode_of_what_they_write(self) -> int:
        return self._told.stat().st_mode & 0o777

    def until(self, *lines: str) -> None:
        for _ in range(12_000):
            if all(self.told.count(line) >= lines.count(line) for line in lines):
                return
            time.sleep(0.02)
        pytest.fail(f"{lines} are not all among {self.told}")

    def send(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def end(self) -> int:
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def supervised(tmp_path):
    @contextmanager
    def run(**ends: str):
        running = Running(tmp_path, {"prepare": "0", "gunicorn": "", "deliver": ""} | ends)
        try:
            yield running
        finally:
            running.process.kill()
            running.process.wait()
            running.process.stderr.close()
            for name in running.names:  # each has a session of its own, and outlives what was killed
                if number := child(running, name):
                    os.kill(number, signal.SIGKILL)

    return run


BOTH = ("gunicorn begins", "deliver begins")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_both_are_and_it_ends_well(supervised, number):
    with supervised() as running:
        running.until(*BOTH)
        running.send(number)
        assert running.end() == 0
        assert {"gunicorn SIGTERM", "deliver SIGTERM"} <= set(running.told)
        assert running.process.stderr.read() == ""
        assert running.mode_of_what_they_write == 0o600


def test_nothing_runs_where_the_start_could_not_be_prepared(supervised):
    with supervised(prepare="3") as running:
        assert running.end() == 3
        assert running.told == ["prepare begins"]
        assert running.process.stderr.read() == ""  # the reason is told by what knows it


def test_told_to_stop_during_the_preparation_it_starts_nothing(supervised):
    with supervised(prepare="") as running:
        running.until("prepare begins")
        running.send(signal.SIGTERM)
        assert running.end() == 0
        assert running.told == ["prepare begins", "prepare SIGTERM"]


def test_a_signal_that_comes_first_is_not_lost(supervised):
    with supervised(prepare="") as running:
        for _ in range(10_000):  # as soon as it takes signals at all, whatever it has started
            status = Path(f"/proc/{running.process.pid}/status").read_text()
            blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
            if blocked >> (signal.SIGTERM - 1) & 1:
                break
            time.sleep(0.001)
        running.send(signal.SIGTERM)
        assert running.end() == 0
        assert "gunicorn begins" not in running.told


@pytest.mark.parametrize(("which", "other"), [("gunicorn", "deliver"), ("deliver", "gunicorn")])
@pytest.mark.parametrize(("ends", "status"), [("4", 4), ("0", 1)])
def test_when_either_ends_the_other_is_told_to(supervised, which, other, ends, status):
    with supervised(**{which: ends}) as running:
        assert running.end() == status
        said = json.loads(running.process.stderr.read())
        assert said["message"] == f"{which} ended with status {ends}, and the site with it"


def test_the_other_is_told_to_end_though_nobody_reads_why(supervised):
    with supervised(gunicorn="4") as running:
        running.process.stderr.close()
        assert running.end() == 4
        assert child(running, "deliver") is None


def test_what_a_signal_ended_is_shown_as_a_shell_does(supervised):
    with supervised(deliver="") as running:
        running.until(*BOTH)
        os.kill(child(running, "deliver"), signal.SIGKILL)
        assert running.end() == 128 + signal.SIGKILL
        assert "gunicorn SIGTERM" in running.told


def test_what_does_not_stop_is_ended(supervised):
    with supervised(deliver="never") as running:
        running.until(*BOTH)
        running.send(signal.SIGTERM)
        assert running.end() == 128 + signal.SIGKILL
        assert {"gunicorn SIGTERM", "deliver SIGTERM"} <= set(running.told)


def test_a_hangup_renews_both(supervised):
    with supervised() as running:
        running.until(*BOTH)
        running.send(signal.SIGHUP)
        running.until("gunicorn SIGHUP", "deliver SIGTERM", "deliver begins", "deliver begins")
        running.send(signal.SIGTERM)
        assert running.end() == 0
        assert running.told.count("gunicorn begins") == 1


def test_a_hangup_renews_a_worker_that_does_not_stop(supervised):
    with supervised(deliver="never") as running:
        running.until(*BOTH)
        running.send(signal.SIGHUP)
        running.until("gunicorn SIGHUP", "deliver SIGTERM", "deliver begins", "deliver begins")


def test_hangups_and_a_stop_at_once_leave_nothing_behind(supervised):
    with supervised() as running:
        running.until(*BOTH)
        for _ in range(5):
            running.send(signal.SIGHUP)
        running.send(signal.SIGTERM)
        assert running.end() == 0
        for name in ("gunicorn", "deliver"):
            assert child(running, name) is None


def test_nothing_that_a_test_started_outlives_it(supervised):
    with supervised() as running:
        running.until(*BOTH)
    assert [child(running, name) for name in running.names] == [None] * 3


def test_a_hangup_before_there_is_anything_to_renew_does_nothing(supervised):
    with supervised(prepare="") as running:
        running.until("prepare begins")
        running.send(signal.SIGHUP)
        running.send(signal.SIGTERM)
        assert running.end() == 0
        assert "prepare SIGHUP" not in running.told


def test_orphans_are_reaped(supervised):
    with supervised(deliver="orphans") as running:
        running.until(*BOTH)
        number = running.process.pid
        for _ in range(2_000):
            children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
            if len(children) == 2:  # the programs
                break
            time.sleep(0.05)
        assert len(children) == 2
        running.send(signal.SIGTERM)
        assert running.end() == 0


def child(running: Running, name: str) -> int | None:
    """The number of a program that runs in the folder of `running`."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode().split("\0")
        except OSError:
            continue
        if command[3:5] == [name, str(running._told.parent)]:
            return int(path.parent.name)
    return None
