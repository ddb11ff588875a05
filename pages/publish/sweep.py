"""Deletes files in BUILD_DIR that no process needs any more."""

from __future__ import annotations

from contextlib import closing
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from shutil import rmtree

from django.conf import settings

from ..media import artifact_store
from . import release
from .manifest import ManifestReader


def sweep() -> None:
    """Delete old releases that no process uses, and old bodies that no manifest refers to."""
    referenced: set[str] = set()
    for path in release.folder().parent.glob("*/manifest"):
        if path.parent != release.folder() and artifact_store.is_old(path) and not _is_locked(path.with_name("lock")):
            rmtree(path.parent, ignore_errors=True)  # another publisher may delete the same files
        else:
            with closing(ManifestReader(path)) as manifest:
                manifest.refresh()
                upcoming = filter(None, manifest.upcoming.values())
                for entry in (*manifest.entries.values(), *upcoming):
                    referenced.update(entry.body_key(coding).rpartition("/")[2] for coding in entry.sizes)
    for path in (settings.BUILD_DIR / "pages").glob("*/*"):
        if path.name not in referenced and artifact_store.is_old(path):
            path.unlink(missing_ok=True)


def _is_locked(lock: Path) -> bool:
    try:
        with lock.open("w") as file:
            flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return True
    return False
