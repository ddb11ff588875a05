"""The publisher process: `python -m pages.publish.publisher_process <lock>`.

Each worker starts one publisher process. All publisher processes wait for the same file lock, and the process that
holds the lock publishes. When that process ends, for whatever reason, the next process takes over. When a worker ends,
its publisher process detects this by the end of its standard input, and ends too. Django is imported only after the
lock is acquired, so that waiting processes use little memory.
"""

import logging
import os
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TextIO

from .. import error_tracker
from ..log import configure

logger = logging.getLogger("pages.publish.publisher_process")  # __name__ is "__main__"

LOCK_POLL_SECONDS = 1
NICENESS = 10  # workers come first


def main(lock: Path) -> None:
    configure()
    Thread(target=_exit_with_parent, daemon=True).start()
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        flock(file, LOCK_EX)
        if not _is_at(lock, file):  # the lock file was deleted during the wait; the next process tries again
            return
        Thread(target=_exit_without_lock, args=(lock, file), daemon=True).start()
        os.nice(NICENESS)

        import django

        django.setup()

        from django.conf import settings

        from . import release
        from .publishing_loop import run

        configure()  # Configure the log again, because django.setup() has applied settings.LOGGING.
        error_tracker.start(settings.SENTRY_DSN)
        if lock != release.leader_lock_path():
            # This process has loaded newer code or settings than its worker, so it must not publish. Otherwise, during
            # a restart of the site, this process and the publisher of the new workers would write the same files.
            logger.error("the code or the settings changed after the site started: restart the site, or reload it")
            sys.exit(1)
        # `run` checks for changed documents itself, so rendering must not check again for every page.
        reload, settings.CONTENT_RELOAD = settings.CONTENT_RELOAD, False
        run(reload=reload)


def _exit_with_parent() -> None:
    try:
        while os.read(sys.stdin.fileno(), 1024):
            pass
    finally:  # exit even after an error, or this process would never end
        os._exit(0)


def _exit_without_lock(lock: Path, file: TextIO) -> None:
    """End this process when the lock file is deleted, because another process could then lock a new file."""
    while _is_at(lock, file):
        sleep(LOCK_POLL_SECONDS)
    os._exit(1)


def _is_at(path: Path, file: TextIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
