"""A queue of artifacts that visitors are waiting for, and the thread that generates them.

Each process has its own queue and thread.
"""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread

from ..repository import current
from . import artifacts

logger = logging.getLogger(__name__)
_start_lock = Lock()
_wake = Event()
_queue: set[str] = set()
_thread: Thread | None = None


def enqueue(url: str) -> None:
    """Queue the artifact at `url`. Start the thread if it isn't running, for example after a fork."""
    global _thread
    _queue.add(url)
    _wake.set()
    with _start_lock:
        if _thread is None or not _thread.is_alive():
            _thread = Thread(target=_run, name="on-demand", daemon=True)
            try:
                _thread.start()
            except RuntimeError as error:  # too many threads: the visitor's next request tries again
                logger.error("the file %s can't be generated now: %s", url, error)


def _run() -> None:
    while True:
        _wake.wait()
        _wake.clear()
        while _queue:
            url = _queue.pop()
            try:
                if artifact := artifacts.find(current.get_library(), url):
                    artifacts.ensure_exists(artifact)
            except Exception:  # for example, a file is broken or the disk is full; the thread must go on
                logger.exception("the file %s could not be generated", url)
