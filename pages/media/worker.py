"""The media worker: a thread that generates images and social cards while the publisher renders pages.

The publisher never waits for this thread, because one image can take seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Event, Thread

from . import artifacts
from .artifacts import Artifact

logger = logging.getLogger(__name__)

RETRY_SECONDS = 60


class MediaWorker:
    def __init__(self) -> None:
        self._artifacts: Mapping[str, Artifact] = {}
        self._wake = Event()
        Thread(target=self._run, name="media", daemon=True).start()

    def build(self, artifacts: Mapping[str, Artifact]) -> None:
        """Generate `artifacts` in the background. Return at once.

        If an earlier call's artifacts aren't finished yet, the new artifacts replace the unfinished ones.
        """
        self._artifacts = artifacts
        self._wake.set()

    def _run(self) -> None:
        failed = False
        while True:
            self._wake.wait(RETRY_SECONDS if failed else None)
            self._wake.clear()
            try:
                for _ in artifacts.build(self._artifacts):
                    if self._wake.is_set():
                        break
                failed = False
            except Exception:  # for example, the disk is full
                if not failed:
                    logger.exception("media generation stopped; retrying every %s s", RETRY_SECONDS)
                failed = True
