"""The publisher process: `python -m pages.publish.publisher_process <lock>`. Each worker starts one.

All of them wait for the same file lock, and the process that holds it publishes. When that process ends, for whatever
reason, the next one takes over. A publisher process ends with its worker, because its standard input is then closed.
Django is imported only after the lock is acquired, so that waiting processes use little memory.
"""

import os
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Thread

from ..log import configure

NICENESS = 10  # workers come first


def main(lock: Path) -> None:
    configure()
    Thread(target=_exit_with_parent, daemon=True).start()
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        flock(file, LOCK_EX)
        os.nice(NICENESS)

        import django

        django.setup()

        from django.conf import settings

        from .publisher import run

        configure()  # Configure the log again, because django.setup() has applied settings.LOGGING.
        # `run` checks for changed documents itself, so rendering must not check again for every page.
        reload, settings.CONTENT_RELOAD = settings.CONTENT_RELOAD, False
        run(reload=reload)


def _exit_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
