"""Runs what the site is made of, gunicorn and the delivery worker, as one process group that lives and ends together.

When either ends, the other is told to, and this ends with the first one's status: a site that takes leads and tells
nobody of them is not one that runs. SIGTERM and Ctrl-C end both; SIGHUP brings new code into both.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = [sys.executable, "-m", "gunicorn"]
WORKER = [sys.executable, "manage.py", "deliver", "--watch"]

# A container is killed ten seconds after it is told to stop.
PATIENCE = 9


def main() -> int:
    # A group of its own, so that a terminal's Ctrl-C reaches it through here alone, and once.
    def start(command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    running = {"gunicorn": start(GUNICORN), "worker": start(WORKER)}
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for process in running.values():
            process.terminate()

    def reload(number: int, frame: FrameType | None) -> None:
        running["gunicorn"].send_signal(signal.SIGHUP)
        running["worker"].terminate()
        running["worker"].wait(PATIENCE)
        running["worker"] = start(WORKER)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, reload)

    name, status = first_end(running)
    if not stopping:
        say(f"{name} ended with status {status}, and the site with it")
        stop(signal.SIGTERM, None)
    for process in running.values():
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
    return 0 if stopping and status in (0, -signal.SIGTERM) else status or 1


def say(message: str) -> None:
    """As everything that serves does: see pages/log.py, of which this needs nothing."""
    said = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "critical", "logger": "supervise"}
    print(json.dumps(said | {"message": message}), file=sys.stderr, flush=True)


def first_end(running: dict[str, subprocess.Popen[bytes]]) -> tuple[str, int]:
    """Waits for the first of `running` to end; its name and status, negative for the signal that ended it."""
    while True:
        number, raw = os.wait()
        for name, process in running.items():
            if process.pid == number:
                process.returncode = os.waitstatus_to_exitcode(raw)
                return name, process.returncode


if __name__ == "__main__":
    sys.exit(main())
