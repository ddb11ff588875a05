"""deploy/supervise.py starts and stops its programs together, regardless of the order of events."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT

# A fake program, used in place of each real program. The program appends a line to the file `events` when it starts,
# and for each signal. `behavior` is an exit status, "runs", "orphans" (leaves a process behind) or "never-stops"
# (ignores SIGTERM).
PROGRAM = """
import os, signal, sys, time
name, folder, behavior = sys.argv[1:]
def record(event):
    with open(os.path.join(folder, "events"), "a") as file:
        file.write(f"{name} {event}\\n")
def handle(number, frame):
    record(signal.Signals(number).name)
    if number == signal.SIGTERM and behavior != "never-stops":
        sys.exit(0)
signal.signal(signal.SIGTERM, handle)
signal.signal(signal.SIGHUP, handle)
record("starts")
if behavior == "orphans" and os.fork() == 0:
    if os.fork() == 0:
        os._exit(0)
    os._exit(0)
if behavior.isdecimal():
    sys.exit(int(behavior))
while True:
    time.sleep(0.05)
"""

# This program runs the supervisor with the fake programs. Like process 1 of a container, the supervisor adopts orphaned
# processes (36 is PR_SET_CHILD_SUBREAPER).
SUPERVISOR = """
import ctypes, sys
from deploy import supervise
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
program = [sys.executable, "-c", {program!r}]
supervise.COMMANDS = {{
    getattr(supervise, name.upper()): [*program, name, {folder!r}, behavior]
    for name, behavior in {behaviors!r}.items()
}}
supervise.STOP_SECONDS = {stop_seconds}
sys.exit(supervise.main())
"""


class Supervised:
    """A running supervisor. If `terminal` is the file descriptor of a terminal, the supervisor runs on it."""

    def __init__(
        self, folder: Path, behaviors: dict[str, str], terminal: int | None = None, prefix: Sequence[str] = ()
    ) -> None:
        self.names, self.folder, self._events = list(behaviors), folder, folder / "events"
        # Give programs plenty of time to stop, so that the supervisor doesn't kill a program that is only slow.
        stop_seconds = 1 if "never-stops" in behaviors.values() else PATIENCE
        code = SUPERVISOR.format(program=PROGRAM, folder=str(folder), behaviors=behaviors, stop_seconds=stop_seconds)
        command = [*prefix, sys.executable, "-c", code]
        # A new session has no controlling terminal, as under a service manager.
        options = {"preexec_fn": take_terminal, "stdin": terminal} if terminal else {"start_new_session": True}
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)

    @property
    def events(self) -> list[str]:
        return self._events.read_text().splitlines() if self._events.exists() else []

    @property
    def file_mode(self) -> int:
        return self._events.stat().st_mode & 0o777

    def wait_for(self, *events: str) -> None:
        """Wait until all `events` have happened. Pass an event twice to wait until it has happened twice."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if all(self.events.count(event) >= events.count(event) for event in events):
                return
            time.sleep(0.02)
        pytest.fail(f"{events} are not all in {self.events}")

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def supervise(tmp_path):
    """Return a context manager that runs a supervisor. Keyword arguments set each program's behavior."""

    @contextmanager
    def run(terminal: int | None = None, prefix: Sequence[str] = (), **behaviors: str):
        behaviors = {"prepare": "0", "gunicorn": "runs", "delivery": "runs", "liveness": "runs"} | behaviors
        supervised = Supervised(tmp_path, behaviors, terminal, prefix)
        try:
            yield supervised
        finally:
            supervised.process.kill()
            supervised.process.wait()
            supervised.process.stderr.close()

    return run


@pytest.fixture
def terminal():
    """Return both ends of a new terminal. Closing the first end closes the terminal."""
    ends = list(os.openpty())
    yield ends
    for end in ends:
        with suppress(OSError):  # closed by the test
            os.close(end)


ALL = ("gunicorn starts", "delivery starts", "liveness starts")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_stops_all_programs(supervise, number):
    with supervise() as supervised:
        supervised.wait_for(*ALL)
        supervised.send(number)
        assert supervised.wait() == 0
        assert {"gunicorn SIGTERM", "delivery SIGTERM"} <= set(supervised.events)
        assert supervised.process.stderr.read() == ""
        assert supervised.file_mode == 0o600


def test_no_program_starts_if_the_preparation_fails(supervise):
    with supervise(prepare="3") as supervised:
        assert supervised.wait() == 3
        assert supervised.events == ["prepare starts"]
        assert supervised.process.stderr.read() == ""  # prepare logs the reason


def test_no_program_starts_if_a_stop_signal_arrives_during_the_preparation(supervise):
    with supervise(prepare="runs") as supervised:
        supervised.wait_for("prepare starts")
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0
        assert supervised.events == ["prepare starts", "prepare SIGTERM"]


def test_a_signal_during_startup_is_not_lost(supervise):
    with supervise(prepare="runs") as supervised:
        # Wait until the supervisor blocks SIGTERM. /proc lists blocked signals, but not while the supervisor waits in
        # sigtimedwait. The supervisor starts `prepare` before it waits there, so the start of `prepare` also ends the
        # loop.
        while "prepare starts" not in supervised.events:
            status = Path(f"/proc/{supervised.process.pid}/status").read_text()
            blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
            if blocked >> (signal.SIGTERM - 1) & 1:
                break
            time.sleep(0.001)
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0
        assert "gunicorn starts" not in supervised.events


@pytest.mark.parametrize(
    ("ending", "other", "title"),
    [("gunicorn", "delivery", "gunicorn"), ("delivery", "gunicorn", "delivery worker")],
)
@pytest.mark.parametrize(("exit_status", "status"), [("4", 4), ("0", 1)])
def test_all_programs_stop_if_one_of_them_ends(supervise, ending, other, title, exit_status, status):
    with supervise(**{ending: exit_status}) as supervised:
        assert supervised.wait() == status
        line = json.loads(supervised.process.stderr.read())
        assert line["message"] == f"{title} ended with status {exit_status}, so the site stops"
        assert find_pid(supervised, other) is None


def test_the_site_stops_if_gunicorn_hangs(supervise):
    with supervise(liveness="1") as supervised:
        assert supervised.wait() == 1
        line = json.loads(supervised.process.stderr.read())
        assert line["message"].startswith("gunicorn hangs")
        assert find_pid(supervised, "gunicorn") is None


def test_all_programs_stop_even_if_stderr_is_closed(supervise):
    with supervise(gunicorn="4") as supervised:
        supervised.process.stderr.close()
        assert supervised.wait() == 4
        assert find_pid(supervised, "delivery") is None


def test_exit_status_of_a_killed_program_is_128_plus_the_signal(supervise):
    with supervise() as supervised:
        supervised.wait_for(*ALL)
        os.kill(find_pid(supervised, "delivery"), signal.SIGKILL)
        assert supervised.wait() == 128 + signal.SIGKILL
        assert "gunicorn SIGTERM" in supervised.events


def test_a_program_that_does_not_stop_is_killed(supervise):
    with supervise(delivery="never-stops") as supervised:
        supervised.wait_for(*ALL)
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 128 + signal.SIGKILL
        assert {"gunicorn SIGTERM", "delivery SIGTERM"} <= set(supervised.events)


def test_sighup_reloads_gunicorn_and_restarts_the_delivery_worker(supervise):
    with supervise() as supervised:
        supervised.wait_for(*ALL)
        supervised.send(signal.SIGHUP)
        supervised.wait_for("gunicorn SIGHUP", "delivery SIGTERM", "delivery starts", "delivery starts")
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0
        assert supervised.events.count("gunicorn starts") == 1


def test_sighup_kills_a_delivery_worker_that_does_not_stop(supervise):
    with supervise(delivery="never-stops") as supervised:
        supervised.wait_for(*ALL)
        supervised.send(signal.SIGHUP)
        supervised.wait_for("gunicorn SIGHUP", "delivery SIGTERM", "delivery starts", "delivery starts")


def test_no_process_remains_after_many_sighups_and_a_sigterm(supervise):
    with supervise() as supervised:
        supervised.wait_for(*ALL)
        for _ in range(5):
            supervised.send(signal.SIGHUP)
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0
        for name in supervised.names:
            assert find_pid(supervised, name) is None


@pytest.mark.parametrize("behavior", ["runs", "never-stops"])
def test_a_killed_supervisor_leaves_no_program_running(supervise, behavior):
    with supervise(gunicorn=behavior, delivery=behavior) as supervised:
        supervised.wait_for(*ALL)
        supervised.send(signal.SIGKILL)
        supervised.wait()
        wait_until_gone(supervised)
        assert set(supervised.events) == {"prepare starts", *ALL}


def test_a_supervisor_killed_during_the_preparation_leaves_no_program_running(supervise):
    with supervise(prepare="never-stops") as supervised:
        supervised.wait_for("prepare starts")
        supervised.send(signal.SIGKILL)
        supervised.wait()
        wait_until_gone(supervised)


def test_a_closed_terminal_stops_all_programs(supervise, terminal):
    with supervise(terminal=terminal[1]) as supervised:
        supervised.wait_for(*ALL)
        for end in terminal:
            os.close(end)
        assert supervised.wait() == 0
        assert {"gunicorn SIGTERM", "delivery SIGTERM"} <= set(supervised.events)
        assert "gunicorn SIGHUP" not in supervised.events


def test_a_supervisor_started_with_nohup_survives_a_closed_terminal(supervise, terminal):
    with supervise(terminal=terminal[1], prefix=["nohup"]) as supervised:
        supervised.wait_for(*ALL)
        for end in terminal:
            os.close(end)
        supervised.send(signal.SIGHUP)
        time.sleep(0.5)
        assert supervised.process.poll() is None
        assert set(supervised.events) == {"prepare starts", *ALL}
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0


def test_sighup_during_the_preparation_is_ignored(supervise):
    with supervise(prepare="runs") as supervised:
        supervised.wait_for("prepare starts")
        supervised.send(signal.SIGHUP)
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0
        assert "prepare SIGHUP" not in supervised.events


def test_orphans_are_reaped(supervise):
    with supervise(delivery="orphans") as supervised:
        supervised.wait_for(*ALL)
        pid = supervised.process.pid
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            if len(children) == len(ALL):
                break
            time.sleep(0.05)
        assert len(children) == len(ALL)
        supervised.send(signal.SIGTERM)
        assert supervised.wait() == 0


def take_terminal() -> None:
    """Become a session leader with standard input as its controlling terminal."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def wait_until_gone(supervised: Supervised) -> None:
    end = time.monotonic() + PATIENCE
    while any(find_pid(supervised, name) for name in supervised.names):
        assert time.monotonic() < end, "a program outlives its supervisor"
        time.sleep(0.02)


def find_pid(supervised: Supervised, name: str) -> int | None:
    """Return the process id of a program, or None if the program isn't running."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode().split("\0")
        except OSError:
            continue
        if command[3:5] == [name, str(supervised.folder)]:
            return int(path.parent.name)
    return None
