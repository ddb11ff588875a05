"""Runs a publisher process beside each gunicorn worker (pages.publish.publisher_process)."""

import logging
import subprocess
import sys
from pathlib import Path
from threading import Thread
from time import sleep

from django.conf import settings

logger = logging.getLogger(__name__)

RESTART_DELAY = 1  # seconds


def start(lock_path: Path) -> None:
    """Start the process, and restart it when it ends.

    Return at once. The publisher process ends when the calling process ends.
    """
    Thread(target=_keep_running, args=(lock_path,), name="publisher-supervisor", daemon=True).start()


def _keep_running(lock_path: Path) -> None:
    command = [sys.executable, "-m", "pages.publish.publisher_process", str(lock_path)]
    while True:
        # Start the publisher in its own session. Ctrl-C then reaches only the server, which ends the publisher.
        with subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
            process.wait()
        logger.error("the publisher process ended with status %s; starting it again", process.returncode)
        sleep(RESTART_DELAY)
