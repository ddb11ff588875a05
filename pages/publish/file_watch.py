"""Detects whether another program changed a file that this program writes."""

from __future__ import annotations

from pathlib import Path


class FileWatch:
    """Tells whether another program has changed a file since this process last wrote it.

    The check takes a microsecond, because it doesn't read the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.accept()

    def accept(self) -> None:
        """Make `is_changed` ignore all changes so far. The writer calls this method after each change of its own."""
        self._stamp = self._read_stamp()

    def is_changed(self) -> bool:
        return self._read_stamp() != self._stamp

    def _read_stamp(self) -> tuple[int, ...]:
        try:
            stat = self._path.stat()
        except OSError:
            return ()
        return stat.st_ino, stat.st_size, stat.st_mtime_ns
