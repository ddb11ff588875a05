"""Makes images and cards beside the publishing of pages, which never waits for them: one may take seconds."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Event, Thread

from . import artifacts
from .artifacts import Artifact

logger = logging.getLogger(__name__)


class MediaWorker:
    def __init__(self) -> None:
        self._listed: Mapping[str, Artifact] = {}
        self._woken = Event()
        Thread(target=self._follow, name="media", daemon=True).start()

    def make(self, listed: Mapping[str, Artifact]) -> None:
        """From now on what is `listed`, by address, and nothing else. Returns at once."""
        self._listed = listed
        self._woken.set()

    def _follow(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            try:
                for _ in artifacts.build(self._listed):
                    if self._woken.is_set():
                        break
            except Exception:  # full disks and the like; the next list may do
                logger.exception("the build stopped")
