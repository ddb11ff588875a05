"""When a document last changed: what search engines are told of its age."""

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

SECONDS = 10  # that git has for its answer

_lock = Lock()
_known: tuple[Library, Mapping[str, date]] | None = None


def last_changes(found: Library) -> Mapping[str, date]:
    """By URL, the day of each page's last real change: what its META says, else that of the last commit, else what
    `manage.py record_dates` wrote down of these very words. A page of which nobody knows is left out.

    Asked of git once for each library, since that takes a moment.
    """
    global _known
    with _lock:
        if _known is None or _known[0] is not found:
            _known = found, _last_changes(found)
        return _known[1]


def _last_changes(found: Library) -> dict[str, date]:
    git, written = commit_dates(found.folder), _recorded()
    paths = {page.path: path.relative_to(found.folder).as_posix() for path, page in found.documents.items()}
    changes = {
        url: page.meta.updated or git.get(paths[page.path]) or written.get(page.digest)
        for url, page in found.pages.items()
    }
    return {url: day for url, day in changes.items() if day}


def commit_dates(folder: Path) -> dict[str, date]:
    """By its path in `folder`, the day of each file's last commit; not of files that are not as committed, or that git
    has no history of. Nothing where there is no git, or no repository."""
    log = _git(folder, "log", "--format=%x01%cs %d", "--name-status", "--no-renames", "--relative", "-z", "--", ".")
    changed = _git(folder, "diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", ".")
    if log is None or changed is None:
        return {}
    days: dict[str, date | None] = dict.fromkeys(changed.split("\0"))
    for commit in log.split("\x01")[1:]:
        said, *files = commit.split("\0")
        day, _, names = said.partition(" ")
        # Where a shallow clone is cut off, all files look new.
        real = None if "(grafted" in names else date.fromisoformat(day)
        for status, path in zip(files[::2], files[1::2], strict=False):
            days.setdefault(path, real if status.strip() != "D" else None)
    return {path: day for path, day in days.items() if day}


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", "-c", "log.showSignature=false", *arguments]
    try:
        answer = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.decode(errors="replace") if answer.returncode == 0 else None


def record(found: Library) -> int:
    """Writes down what git knows, for where there is no git; how many documents that are. Where git knows none, what
    is written already stays."""
    git = commit_dates(found.folder)
    paths = {path.relative_to(found.folder).as_posix(): page for path, page in found.documents.items()}
    written = {
        path: {"changed": git[path].isoformat(), "sha256": page.digest} for path, page in paths.items() if path in git
    }
    if written:
        with atomic_files.replace_file(settings.CONTENT_DATES, durable=False) as file:
            file.write(json.dumps(written, indent=1).encode() + b"\n")
    return len(written)


def _recorded() -> dict[str, date]:
    """By the hash of its words, the day written down of each document."""
    try:
        entries = json.loads(settings.CONTENT_DATES.read_text(encoding="utf-8")).values()
        return {entry["sha256"]: date.fromisoformat(entry["changed"]) for entry in entries}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        logger.warning("%s is no file of dates (%s): run manage.py record_dates", settings.CONTENT_DATES, error)
        return {}
