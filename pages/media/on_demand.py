"""Makes what a visitor waits for while the site serves: a thread in each process, which sleeps until one does."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread

from ..repository import current
from . import artifacts

logger = logging.getLogger(__name__)
_starting = Lock()
_woken = Event()
_queue: set[str] = set()
_thread: Thread | None = None


def enqueue(address: str) -> None:
    """Someone waits for what is to stand at `address`. Starts the thread where this process has none: threads do not
    live on in a process that was forked."""
    global _thread
    _queue.add(address)
    _woken.set()
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = Thread(target=_run, name="build", daemon=True)
            _thread.start()


def _run() -> None:
    while True:
        _woken.wait()
        _woken.clear()
        while _queue:
            address = _queue.pop()
            try:
                if made := artifacts.find(current.get_library(), address):
                    artifacts.make(made)
            except Exception:  # what broken files, full disks and drawing make go wrong has no end
                logger.exception("%s could not be made", address)
