"""Builds while the site serves: a thread in each process, which sleeps until there is something to make."""

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


def wake(*asked: str, **signal: object) -> None:
    """There is something to make, `asked` first. Starts the thread where this process has none: threads do not live on
    in a process that was forked."""
    global _thread
    _asked.update(asked)
    _woken.set()
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = Thread(target=_follow, name="build", daemon=True)
            _thread.start()


def _follow() -> None:
    while True:
        _woken.wait()
        _woken.clear()
        first = _asked.copy()
        try:
            for address in builder.build(site.current(), first):
                _asked.discard(address)
                if _woken.is_set():  # another library, or someone waits
                    break
            else:
                _asked.difference_update(first)
        except Exception:  # the next library may do
            logger.exception("the build stopped")
