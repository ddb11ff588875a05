"""How long the oldest edit has been waiting for the publisher."""

from __future__ import annotations

from pathlib import Path
from time import time

from django.conf import settings

from ..content import content_folder
from ..repository import current

_STARTED = time()


def lag_seconds() -> float:
    """Return the age of the oldest edit that isn't published yet, in seconds. Return 0 if everything is published.

    If documents changed while the site was stopped, return the time since this process started.
    """
    published = current.get_library().stamps
    found = content_folder.scan(settings.CONTENT_DIR) if settings.CONTENT_RELOAD else published
    times = [stamp.changed / 1e9 for path, stamp in found.items() if published.get(path) != stamp]
    times += [_deletion_time(path) for path in published.keys() - found.keys()]
    if current.is_ahead_of_publisher():
        times.append(_STARTED)
    return max(0.0, time() - min(times)) if times else 0.0


def _deletion_time(path: Path) -> float:
    """Return approximately when `path` was deleted: the last change of its nearest existing parent folder."""
    return next(folder for folder in path.parents if folder.is_dir()).stat().st_mtime
