"""What was made ahead of visitors, as files in settings.BUILD_DIR. An address says by its hash what stands there, so a
file is never changed: it is there or not."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from time import time

from django.conf import settings

from .. import atomic_files

# For how long a file is kept that no page names any more: pages that do name it are still open, or in caches.
RETENTION_SECONDS = 30 * 24 * 60 * 60


def exists(address: str) -> bool:
    return _path(address).is_file()


def read(address: str) -> bytes | None:
    """What stands at `address`; nothing outside the folder does, nor does what is still being written."""
    try:
        path = _path(address).resolve()
        within = path.is_relative_to(settings.BUILD_DIR) and not path.name.startswith(".")
        return path.read_bytes() if within else None
    except (OSError, ValueError):  # not there, or no file can have such a name
        return None


def write(address: str, data: bytes) -> None:
    with atomic_files.replace_file(_path(address)) as file:
        file.write(data)


@contextmanager
def lock() -> Iterator[None]:
    """Held by one process, and one thread of it, at a time."""
    settings.BUILD_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.BUILD_DIR / ".lock").open("w") as file:
        flock(file, LOCK_EX)
        yield


def sweep(addresses: Container[str]) -> None:
    """Removes what is old and not at one of `addresses`, and what a process left unfinished."""
    for path in settings.BUILD_DIR.rglob("*.*"):
        address = "/" + path.relative_to(settings.BUILD_DIR).as_posix()
        with suppress(OSError):
            if path.is_file() and address not in addresses and is_old(path):
                path.unlink()


def is_old(path: Path) -> bool:
    return path.stat().st_mtime < time() - RETENTION_SECONDS


def _path(address: str) -> Path:
    folder: Path = settings.BUILD_DIR
    return folder / address.lstrip("/")
