"""The media worker: a thread that generates images and social cards while the publisher renders pages.

The publisher never waits for this thread, because one image can take seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Event, Thread
from time import monotonic

from . import artifacts
from .artifacts import Artifact

logger = logging.getLogger(__name__)

RETRY_SECONDS = 60
# Seconds between two reports of new files. After each report, the publisher checks whether all pages are up to date, so
# reports must not come too often.
NEWS_SECONDS = 5


class MediaWorker:
    def __init__(self) -> None:
        self._artifacts: Mapping[str, Artifact] = {}
        self._wake = Event()
        self._may_run = Event()
        self._has_news = Event()
        Thread(target=self._run, name="media", daemon=True).start()

    def build(self, artifacts: Mapping[str, Artifact]) -> None:
        """Generate `artifacts` in the background. Return at once.

        If an earlier call's artifacts aren't finished yet, the new artifacts replace the unfinished ones.
        """
        self._artifacts = artifacts
        self._wake.set()
        self._may_run.set()

    def pause(self) -> None:
        """Generate no further artifacts until the next call of `build`."""
        self._may_run.clear()

    def has_news(self) -> bool:
        """Return whether artifacts were generated since the previous call."""
        if not self._has_news.is_set():
            return False
        self._has_news.clear()
        return True

    def _run(self) -> None:
        failed = False
        while True:
            self._wake.wait(RETRY_SECONDS if failed else None)
            self._wake.clear()
            try:
                self._build()
                failed = False
            except Exception:  # for example, the disk is full
                if not failed:
                    logger.exception("media generation stopped; retrying every %s s", RETRY_SECONDS)
                failed = True

    def _build(self) -> None:
        is_new, next_news = False, monotonic() + NEWS_SECONDS
        for _ in artifacts.build(self._artifacts):
            is_new = True
            if monotonic() >= next_news:
                self._has_news.set()
                is_new, next_news = False, monotonic() + NEWS_SECONDS
            self._may_run.wait()
            if self._wake.is_set():
                break
        if is_new:
            self._has_news.set()
