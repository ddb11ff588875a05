"""Modification dates of documents, from META or git, for the sitemap."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Lock

from django.conf import settings

from .. import atomic_files
from ..content.library import Library

logger = logging.getLogger(__name__)

GIT_TIMEOUT_SECONDS = 10

_lock = Lock()
_cache: tuple[Library, Mapping[str, date]] | None = None


def last_changes(library: Library) -> Mapping[str, date]:
    """Return the date of each page's last change, keyed by URL. Pages without a known date are left out.

    The date is META's "Updated", or else the date of the last commit, or else the date that `manage.py record_dates`
    recorded for the same content. The result is cached for the latest library, because git takes a moment.
    """
    global _cache
    with _lock:
        if _cache is None or _cache[0] is not library:
            _cache = library, _last_changes(library)
        return _cache[1]


def _last_changes(library: Library) -> dict[str, date]:
    committed, recorded = commit_dates(library.folder), _recorded_dates()
    paths = {page.path: path.relative_to(library.folder).as_posix() for path, page in library.documents.items()}
    changes = {
        url: page.meta.updated or committed.get(paths[page.path]) or recorded.get(page.digest)
        for url, page in library.pages.items()
    }
    return {url: day for url, day in changes.items() if day}


def commit_dates(folder: Path) -> dict[str, date]:
    """Return the date of each file's last commit, keyed by its path in `folder`.

    Files with uncommitted changes or without history are left out. Without git or a repository, the result is empty.
    """
    log = _git(folder, "log", "--format=%x01%cs %d", "--name-status", "--no-renames", "--relative", "-z", "--", ".")
    changed = _git(folder, "diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", ".")
    if log is None or changed is None:
        return {}
    days: dict[str, date | None] = dict.fromkeys(changed.split("\0"))
    for commit in log.split("\x01")[1:]:
        header, *files = commit.split("\0")
        day, _, refs = header.partition(" ")
        # A shallow clone's oldest commit seems to add every file, so this commit's date says nothing about the files.
        committed = None if "(grafted" in refs else date.fromisoformat(day)
        for status, path in zip(files[::2], files[1::2], strict=False):
            days.setdefault(path, committed if status.strip() != "D" else None)
    return {path: day for path, day in days.items() if day}


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", "-c", "log.showSignature=false", *arguments]
    try:
        completed = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=GIT_TIMEOUT_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return completed.stdout.decode(errors="replace") if completed.returncode == 0 else None


def record(library: Library) -> int:
    """Write git's dates to settings.CONTENT_DATES, for a deployment without git. Return the number of dates.

    If git has no dates, an existing file is left unchanged.
    """
    committed = commit_dates(library.folder)
    pages = {path.relative_to(library.folder).as_posix(): page for path, page in library.documents.items()}
    entries = {
        path: {"changed": committed[path].isoformat(), "sha256": page.digest}
        for path, page in pages.items()
        if path in committed
    }
    if entries:
        with atomic_files.replace_file(settings.CONTENT_DATES, durable=False) as file:
            file.write(json.dumps(entries, indent=1).encode() + b"\n")
    return len(entries)


def _recorded_dates() -> dict[str, date]:
    """Return the recorded date of each document, keyed by the hash of its content."""
    try:
        entries = json.loads(settings.CONTENT_DATES.read_text(encoding="utf-8")).values()
        return {entry["sha256"]: date.fromisoformat(entry["changed"]) for entry in entries}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        logger.warning("%s can't be read (%s): run manage.py record_dates", settings.CONTENT_DATES, error)
        return {}
