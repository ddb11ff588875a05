"""Compresses again, with the best quality, the bodies that were compressed quickly at first.

While a large build runs, the publisher compresses pages quickly, so that all pages are published sooner. When the
publisher has nothing else to do, it replaces their compressed versions with smaller ones.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import replace

from ..http.negotiation import IDENTITY
from .manifest import ManifestWriter
from .manifest_entry import store_body

logger = logging.getLogger(__name__)


class Recompressor:
    def __init__(self, manifest: ManifestWriter) -> None:
        self._manifest = manifest
        self._paths: deque[str] = deque()

    def find_paths(self) -> None:
        """Find the paths whose bodies were compressed quickly. Call this after each publish."""
        self._paths = deque(path for path, entry in self._manifest.entries.items() if entry.is_quick)

    def run_once(self) -> bool:
        """Compress the body of the next path. Return False if no path is left, or if the body can't be stored."""
        if not self._paths:
            return False
        path = self._paths.popleft()
        entry = self._manifest.entries.get(path)
        body = entry.body(IDENTITY) if entry else None
        if entry and body is not None:
            try:
                sizes, is_quick = store_body(entry.digest, body, entry.headers)
                self._manifest.replace_bodies(path, replace(entry, sizes=sizes, is_quick=is_quick))
            except OSError as error:  # for example, the disk is full
                logger.error("pages are not compressed again until the next publish: %s", error)
                self._paths.clear()
                return False
        return True
