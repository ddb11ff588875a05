"""Keeps a process beside this worker that publishes, or waits to: see pages.publish.publisher_process."""

import logging
import subprocess
import sys
from pathlib import Path
from threading import Thread
from time import sleep

from django.conf import settings

logger = logging.getLogger(__name__)

PAUSE = 1  # seconds until one that ended is started again


def start(lock: Path) -> None:
    """Returns at once. The process ends with this one."""
    Thread(target=_keep_running, args=(lock,), name="publishing", daemon=True).start()


def _keep_running(lock: Path) -> None:
    command = [sys.executable, "-m", "pages.publish.publisher_process", str(lock)]
    while True:
        # A session of its own: Ctrl-C is for the server, which ends it.
        with subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
            process.wait()
        logger.error("the process that publishes ended with %s; another one is started", process.returncode)
        sleep(PAUSE)
