"""Runs a publisher process beside each gunicorn worker (pages.publish.publisher_process)."""

import logging
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread
from time import monotonic, sleep

from django.conf import settings

logger = logging.getLogger(__name__)

# The shortest and the longest delay before the publisher process is started again, in seconds. The delay doubles each
# time. After a run longer than MAX_DELAY, the delay is MIN_DELAY again.
MIN_DELAY, MAX_DELAY = 1.0, 30.0


def start(lock_path: Path) -> None:
    """Start a thread that starts the publisher process, and restarts it whenever it ends.

    The publisher process also ends when the calling process ends.
    """
    Thread(target=_keep_running, args=(lock_path,), name="publisher-supervisor", daemon=True).start()


def _keep_running(lock_path: Path) -> None:
    command = [sys.executable, "-m", "pages.publish.publisher_process", str(lock_path)]
    delay = MIN_DELAY
    while True:
        started = monotonic()
        try:
            # Start the publisher in its own session. Ctrl-C then reaches only the server, which ends the publisher.
            with Popen(command, cwd=settings.BASE_DIR, stdin=PIPE, start_new_session=True) as process:  # noqa: S603
                process.wait()
            problem = f"it ended with status {process.returncode}"
        except Exception as error:  # for example, too many processes or no memory
            problem = f"it could not be started: {error!r}"
        if monotonic() - started > MAX_DELAY:
            delay = MIN_DELAY
        logger.error("starting the publisher process again in %.0f s, because %s", delay, problem)
        sleep(delay)
        delay = min(2 * delay, MAX_DELAY)
