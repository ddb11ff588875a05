"""The artifact store: generated files in settings.BUILD_DIR.

An artifact's URL contains a hash of its inputs, so a stored file never changes. If a file is damaged, `read`
deletes it.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from time import time

from django.conf import settings

from .. import sealed_files

logger = logging.getLogger(__name__)

# How long to keep a file that the site no longer refers to. Pages in browsers and caches may still refer to the file.
RETENTION_SECONDS = 30 * 24 * 60 * 60


def exists(url: str) -> bool:
    return _path(url).is_file()


def size(url: str) -> int | None:
    """Return the size of the artifact at `url` in bytes, or None if it doesn't exist."""
    try:
        return _path(url).stat().st_size - sealed_files.DIGEST_BYTES
    except OSError:
        return None


def read(url: str) -> bytes | None:
    """Return the artifact at `url`, or None.

    Never reads files outside BUILD_DIR or files that are still being written.
    """
    try:
        path = _path(url).resolve()
        is_artifact = path.is_relative_to(settings.BUILD_DIR) and not path.name.startswith(".")
        return sealed_files.read(path) if is_artifact else None
    except (OSError, ValueError):  # the file is missing, or its name is not valid
        return None
    except sealed_files.Damaged:
        logger.error("the file %s is damaged: it is deleted and generated again", path)
        with suppress(OSError):
            path.unlink()
        return None


def write(url: str, data: bytes, *, durable: bool = True) -> None:
    """Store an artifact. After a power failure, an artifact that isn't `durable` may be damaged."""
    if not durable:
        sealed_files.write(_path(url), data)
        return
    with sealed_files.replace(_path(url)) as file:
        file.write(data)


@contextmanager
def lock() -> Iterator[None]:
    """Hold the store's lock until the `with` block ends. Other processes and threads that need the lock must wait."""
    settings.BUILD_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.BUILD_DIR / ".lock").open("w") as file:
        flock(file, LOCK_EX)
        yield


def sweep(urls: Container[str]) -> None:
    """Delete old files whose URLs aren't in `urls`, and old temporary files."""
    for path in settings.BUILD_DIR.rglob("*.*"):
        url = "/" + path.relative_to(settings.BUILD_DIR).as_posix()
        with suppress(OSError):
            if path.is_file() and url not in urls and is_old(path):
                path.unlink()


def is_old(path: Path) -> bool:
    """Return whether the file was last written over RETENTION_SECONDS ago, or False if it is gone."""
    try:
        return path.stat().st_mtime < time() - RETENTION_SECONDS
    except FileNotFoundError:  # the publisher of another release has renamed or deleted the file
        return False


def _path(url: str) -> Path:
    folder: Path = settings.BUILD_DIR
    return folder / url.lstrip("/")
