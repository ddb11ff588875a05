"""Fill a disk."""

from pathlib import Path


def fill(path: Path) -> None:
    """Write zeros to the end of a file until the disk is full."""
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
