"""Runs what the site is made of: `deploy.prepare` first, and then gunicorn and the delivery worker, which live and end
together.

When either ends, the other is told to, and this ends with the first one's status: a site that takes leads and tells
nobody of them is not one that runs. SIGTERM and Ctrl-C end both; SIGHUP brings new code into both. It also is a
container's first process, which is sent what no other program reaps.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
PREPARE, GUNICORN, DELIVER = "prepare", "gunicorn", "deliver"
PROGRAMS = {
    PREPARE: [sys.executable, "-m", "deploy.prepare"],
    GUNICORN: [sys.executable, "-m", "gunicorn"],
    DELIVER: [sys.executable, "-m", "deploy.delivery_worker"],
}

# In seconds. Requests that run have seven (gunicorn.conf.py), and a container is killed after ten.
STOP_SECONDS = 7.8

# Blocked, they wait until they are asked for: none is lost before there is something to tell it, none comes between
# two steps, and the first process of a container, which the system lets ignore what has no handler, gets them too.
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def main() -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    os.chdir(ROOT)
    os.umask(0o077)  # what visitors sent is for nobody else on the machine
    return Supervisor().run()


class Supervisor:
    def __init__(self) -> None:
        self._running: dict[int, str] = {}  # by the number of the process
        self._stopping = self._renewing = False
        self._deadline = float("inf")
        self._status = 0

    def run(self) -> int:
        self._start(PREPARE)
        while self._running:
            # A signal that fell together with another one of its kind is made up for within a minute.
            got = signal.sigtimedwait(SIGNALS, max(0.0, min(self._deadline - monotonic(), 60)))
            if got and got.si_signo in (signal.SIGTERM, signal.SIGINT):
                self._stop()
            elif got and got.si_signo == signal.SIGHUP:
                self._renew()
            if monotonic() >= self._deadline:
                self._kill()
            self._reap()
        return self._status

    def _start(self, name: str) -> None:
        # A session of its own, so that a terminal's Ctrl-C reaches it through here alone, and once.
        command = PROGRAMS[name]
        self._running[os.posix_spawn(command[0], command, os.environ, setsid=True, setsigmask=())] = name

    def _reap(self) -> None:
        while self._running:
            number, raw = os.waitpid(-1, os.WNOHANG)
            if not number:
                return
            if name := self._running.pop(number, None):
                self._ended(name, os.waitstatus_to_exitcode(raw))

    def _ended(self, name: str, status: int) -> None:
        """`status` is negative for the signal that ended it."""
        if self._stopping:
            if status not in (0, -signal.SIGTERM):  # whoever had no handler yet ends by the signal
                self._status = self._status or _shown(status)
        elif name == PREPARE and status == 0:
            self._start(GUNICORN)
            self._start(DELIVER)
        elif name == DELIVER and self._renewing:
            self._renewing, self._deadline = False, float("inf")
            self._start(DELIVER)
        else:
            if name != PREPARE:  # which has said why itself
                say(f"{name} ended with status {status}, and the site with it")
            self._status = _shown(status) or 1
            self._stop()

    def _stop(self) -> None:
        if not self._stopping:
            self._stopping, self._deadline = True, monotonic() + STOP_SECONDS
            self._tell(signal.SIGTERM, GUNICORN, DELIVER, PREPARE)

    def _renew(self) -> None:
        if not self._stopping and DELIVER in self._running.values():
            self._tell(signal.SIGHUP, GUNICORN)
            if not self._renewing:
                self._renewing, self._deadline = True, monotonic() + STOP_SECONDS
                self._tell(signal.SIGTERM, DELIVER)

    def _kill(self) -> None:
        """Ends those that were told to end and did not, with all that they started."""
        for number, name in self._running.items():
            if self._stopping or name == DELIVER:
                os.killpg(number, signal.SIGKILL)
        self._deadline = float("inf")

    def _tell(self, what: signal.Signals, *names: str) -> None:
        for number, name in self._running.items():
            if name in names:  # one that has ended keeps its number until it is reaped
                os.kill(number, what)


def say(message: str) -> None:
    """As everything that serves does: see pages/log.py, of which this needs nothing. Those who read it may be gone, and
    the programs have to be ended nevertheless."""
    said = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "critical", "logger": "supervise"}
    with suppress(OSError):
        os.write(2, f"{json.dumps(said | {'message': message})}\n".encode())


def _shown(status: int) -> int:
    """As a shell shows it."""
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main())
