"""The process that publishes: `python -m pages.publish.publisher_process <lock>`, one beside each worker.

All wait for one lock, and the one that has it works; when that ends, whatever ended it, the next one goes on. Each ends
with the process that started it, since its standard input then does. Nothing large is imported before the lock is had:
those that wait weigh little.
"""

import os
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Thread

from ..log import configure

# Pages are made when nothing else is to be done.
NICENESS = 10


def main(lock: Path) -> None:
    configure()
    Thread(target=_end_with_parent, daemon=True).start()
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        flock(file, LOCK_EX)
        os.nice(NICENESS)

        import django

        django.setup()

        from django.conf import settings

        from .publisher import run

        configure()  # once more: Django has set its own
        # It looks at the documents when it has time to, and not for every page that it makes.
        reload, settings.CONTENT_RELOAD = settings.CONTENT_RELOAD, False
        run(reload=reload)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
