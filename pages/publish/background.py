"""Makes what a visitor waits for while the site serves: a thread in each process, which sleeps until one does."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread

from .. import site
from . import builder

logger = logging.getLogger(__name__)
_starting = Lock()
_woken = Event()
_asked: set[str] = set()
_thread: Thread | None = None


def wake(address: str) -> None:
    """Someone waits for what is to stand at `address`. Starts the thread where this process has none: threads do not
    live on in a process that was forked."""
    global _thread
    _asked.add(address)
    _woken.set()
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = Thread(target=_follow, name="build", daemon=True)
            _thread.start()


def _follow() -> None:
    while True:
        _woken.wait()
        _woken.clear()
        while _asked:
            address = _asked.pop()
            try:
                if made := builder.at(site.current(), address):
                    builder.make(made)
            except Exception:  # what broken files, full disks and drawing make go wrong has no end
                logger.exception("%s could not be made", address)
