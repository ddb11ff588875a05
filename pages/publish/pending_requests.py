"""What visitors ask for before it is published, so that it is next: workers note it in a file, the publisher reads."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

# As much as is noted between two looks; who asks for more is answered by Django as well.
MOST_BYTES = 16_384


class PendingRequests:
    """Addresses, a line each, in the file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, address: str) -> None:
        """Someone asked for the page at `address`, and had to wait for it to be made."""
        with suppress(OSError), self._path.open("ab", buffering=0) as file:
            if file.tell() < MOST_BYTES:
                file.write(address.encode() + b"\n")

    def take(self) -> list[str]:
        """Those noted since the last time."""
        try:
            if not self._path.stat().st_size:
                return []
            taken = self._path.with_name(f"{self._path.name}-taken")
            os.replace(self._path, taken)
            return taken.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
