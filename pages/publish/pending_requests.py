"""Pending requests: requests for pages whose stored response is missing or damaged.

The publisher renders these pages next.

Workers append to a file, and the publisher reads it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..content.url_paths import PREVIEWS

# Limits the file's growth between two reads. Requests beyond the limit aren't recorded, but Django still serves them.
MAX_BYTES = 16_384


class PendingRequests:
    """Requested paths, one per line, in the file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, requested_path: str) -> None:
        """Record a path. Leave out the paths of previews, because previews are secret and aren't published."""
        if requested_path.startswith(PREVIEWS):
            return
        with suppress(OSError), self._path.open("ab", buffering=0) as file:
            if file.tell() < MAX_BYTES:
                file.write(requested_path.encode() + b"\n")

    def pop_all(self) -> list[str]:
        """Return the paths that were added since the last call."""
        try:
            if not self._path.stat().st_size:
                return []
            popped = self._path.with_name(f"{self._path.name}-popped")
            os.replace(self._path, popped)
            return popped.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
