"""The site's main process: runs deploy.prepare, then gunicorn, the delivery worker and deploy.liveness.

If one of these programs ends, the supervisor stops the others, and exits with the status of the program that ended
first. Otherwise a site could save leads, send no emails, and look healthy. deploy.liveness ends if gunicorn hangs.
SIGTERM and SIGINT stop all programs. SIGHUP loads new code into gunicorn and the delivery worker. If the supervisor
runs on a terminal, SIGHUP stops all programs instead, since a closed terminal sends this signal too. If the supervisor
is killed, the kernel kills all programs. As a container's process 1, the supervisor also reaps orphaned processes.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Literal, NoReturn

ROOT = Path(__file__).resolve().parent.parent
PREPARE, GUNICORN, DELIVERY, LIVENESS = "prepare", "gunicorn", "delivery worker", "liveness check"
COMMANDS = {
    PREPARE: [sys.executable, "-m", "deploy.prepare"],
    GUNICORN: [sys.executable, "-m", "gunicorn"],
    DELIVERY: [sys.executable, "-m", "deploy.delivery_worker"],
    LIVENESS: [sys.executable, "-m", "deploy.liveness"],
}

# gunicorn gives running requests 7 s, and Docker kills a container after 10 s. The time to stop must be in between.
STOP_SECONDS = 7.8

# The supervisor blocks these signals and reads them with sigtimedwait. So a signal that arrives early isn't lost, and
# no signal interrupts the supervisor's other work. In a container, the supervisor is process 1, and the kernel drops
# signals that process 1 neither blocks nor handles.
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

# With this option, the kernel sends a process the given signal when the process's parent ends (prctl(2)). The option
# survives exec, but not fork.
PR_SET_PDEATHSIG = 1
prctl = ctypes.CDLL(None, use_errno=True).prctl

# The kernel merges pending signals of the same kind, so a single SIGCHLD may arrive for several ended programs.
# If no signal arrives for this many seconds, the supervisor looks for ended programs anyway.
REAP_SECONDS = 60


def main() -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    os.chdir(ROOT)
    os.umask(0o077)  # other users of the machine must not read leads
    return Supervisor().run()


class Supervisor:
    def __init__(self) -> None:
        self._programs: dict[int, str] = {}  # names of running programs, keyed by process id
        self._is_stopping = self._is_restarting_delivery = False
        self._kill_at = float("inf")
        self._status = 0
        self._hangup = hangup_action()

    def run(self) -> int:
        """Run until all programs have ended. Return the exit status."""
        self._start(PREPARE)
        while self._programs:
            received = signal.sigtimedwait(SIGNALS, max(0.0, min(self._kill_at - monotonic(), REAP_SECONDS)))
            if received:
                self._handle_signal(received.si_signo)
            if monotonic() >= self._kill_at:
                self._kill()
            self._reap()
        return self._status

    def _handle_signal(self, number: int) -> None:
        hangup = self._hangup if number == signal.SIGHUP else None
        if number in STOP_SIGNALS or hangup == "stop":
            self._stop()
        elif hangup == "reload":
            self._reload()

    def _start(self, name: str) -> None:
        supervisor = os.getpid()
        pid = os.fork()  # posix_spawn can't call prctl in the new process
        if pid:
            self._programs[pid] = name
        else:
            _execute(COMMANDS[name], supervisor)

    def _reap(self) -> None:
        while self._programs:
            pid, wait_status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if name := self._programs.pop(pid, None):
                self._handle_exit(name, os.waitstatus_to_exitcode(wait_status))

    def _handle_exit(self, name: str, status: int) -> None:
        """After a program ends, start the next one, or stop the site.

        If a signal killed the program, `status` is the negated number of the signal.
        """
        if self._is_stopping:
            if status not in (0, -signal.SIGTERM):  # SIGTERM kills a program that has no handler yet
                self._status = self._status or _shell_status(status)
        elif name == PREPARE and status == 0:
            self._start(GUNICORN)
            self._start(DELIVERY)
            self._start(LIVENESS)
        elif name == DELIVERY and self._is_restarting_delivery:
            self._is_restarting_delivery, self._kill_at = False, float("inf")
            self._start(DELIVERY)
        else:
            if name == LIVENESS and status == 1:
                log("gunicorn hangs: it didn't answer four requests to /livez in a row, so the site stops")
            elif name != PREPARE:  # `deploy.prepare` has logged the reason itself
                log(f"{name} ended with status {_shell_status(status)}, so the site stops")
            self._status = _shell_status(status) or 1
            self._stop()

    def _stop(self) -> None:
        if not self._is_stopping:
            self._is_stopping, self._kill_at = True, monotonic() + STOP_SECONDS
            self._send(signal.SIGTERM, GUNICORN, DELIVERY, LIVENESS, PREPARE)

    def _reload(self) -> None:
        if not self._is_stopping and DELIVERY in self._programs.values():
            self._send(signal.SIGHUP, GUNICORN)
            if not self._is_restarting_delivery:
                self._is_restarting_delivery, self._kill_at = True, monotonic() + STOP_SECONDS
                self._send(signal.SIGTERM, DELIVERY)

    def _kill(self) -> None:
        """Kill the programs that didn't stop in time, and their child processes."""
        for pid, name in self._programs.items():
            if self._is_stopping or name == DELIVERY:
                os.killpg(pid, signal.SIGKILL)
        self._kill_at = float("inf")

    def _send(self, number: signal.Signals, *names: str) -> None:
        for pid, name in self._programs.items():
            if name in names:  # no other process can get this id before `_reap` waits for the ended program
                os.kill(pid, number)


def _execute(command: list[str], supervisor: int) -> NoReturn:
    """Execute `command` in this new process. `supervisor` is the supervisor's process ID."""
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        # If the supervisor ended before this prctl call, this process will get no signal. In that case, don't start the
        # program.
        if os.getppid() == supervisor:
            os.setsid()  # so that Ctrl-C reaches only the supervisor, which stops each program once
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            os.execv(command[0], command)  # noqa: S606
    finally:
        os._exit(127)  # a shell also returns 127 if it can't execute a command


def hangup_action() -> Literal["reload", "stop", "ignore"]:
    """Return the action that this process takes on SIGHUP.

    A service manager sends SIGHUP to reload a program, and starts programs without a controlling terminal. A process
    with a controlling terminal gets SIGHUP when the terminal is closed. The process then stops, unless it was started
    with nohup.
    """
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY))
    except OSError:  # there is no controlling terminal (tty(4))
        return "reload"
    return "ignore" if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else "stop"


def log(message: str) -> None:
    """Write a log line in the same format as the module `pages.log`.

    The supervisor doesn't import that module, so that no error in the site's code can stop the supervisor. A closed
    standard error must not stop the supervisor either.
    """
    if os.isatty(2):
        line = f"{datetime.now():%H:%M:%S} CRITICAL supervise: {message}"
    else:
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "level": "critical", "logger": "supervise", "message": message})
    with suppress(OSError):
        os.write(2, f"{line}\n".encode())


def _shell_status(status: int) -> int:
    """Return the exit status as a shell shows it. For a killed program, the status is 128 plus the signal's number."""
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main())
