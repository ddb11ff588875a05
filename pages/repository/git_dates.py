"""The last change of each document, from META or git, for the sitemap and the admin."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import NamedTuple

from django.conf import settings

from .. import atomic_files
from ..content.library import Library
from .git_commands import run_text
from .past_addresses import find_past_addresses

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Commit:
    """The day and the author of a commit."""

    day: date
    author: str


@dataclass(frozen=True)
class _Days:
    """The day when each page last changed, and the day when each removed page was removed, both keyed by URL."""

    changes: Mapping[str, date]
    removals: Mapping[str, date]


_lock = Lock()
_cache: tuple[Library, _Days] | None = None


def last_changes(library: Library) -> Mapping[str, date]:
    """Return the date of each page's last change, keyed by URL. Pages without a known date are left out.

    The date is META's "Updated", or else the date of the last commit in git. If git has no commit, the date is the one
    that `manage.py record_dates` recorded for this version of the document.
    """
    return _days(library).changes


def removals(library: Library) -> Mapping[str, date]:
    """Return the days when live pages were deleted, moved or made drafts, keyed by the URLs that the pages had.

    The days come from git, or from the file that `manage.py record_dates` wrote. Changes that aren't committed yet
    don't count.
    """
    return _days(library).removals


def _days(library: Library) -> _Days:
    """Return the days of changes and removals. They are cached for the latest library, because git takes a moment."""
    global _cache
    with _lock:
        if _cache is None or _cache[0] is not library:
            _cache = library, _Days(_last_changes(library), _removals(library))
        return _cache[1]


def _last_changes(library: Library) -> dict[str, date]:
    commits = document_commits(library)
    days = {path: commit.day for path, commit in commits.items()}
    changes = {url: page.meta.updated or days.get(page.path) for url, page in library.pages.items()}
    return {url: day for url, day in changes.items() if day}


def _removals(library: Library) -> dict[str, date]:
    def is_kept(url: str) -> bool:
        page = library.pages.get(url)
        return page is not None and not page.meta.draft

    past = find_past_addresses(library.folder, is_kept, with_aliases=False)
    if past is None:
        return _recorded().removals
    return {address.url: address.day for address in past if address.commit}


def document_commits(library: Library) -> dict[str, Commit]:
    """Return the last commit of each document, keyed by the document's path.

    If git has no commit of a document, return the commit that `manage.py record_dates` recorded for this version of the
    document.
    """
    committed, recorded = last_commits(library.folder), _recorded().commits
    commits = {
        page.path: committed.get(path.relative_to(library.folder).as_posix()) or recorded.get(page.digest)
        for path, page in library.documents.items()
    }
    return {path: commit for path, commit in commits.items() if commit}


def last_commits(folder: Path) -> dict[str, Commit]:
    """Return each file's last commit, keyed by its path in `folder`.

    Files with uncommitted changes or without history are left out. Without git or a repository, the result is empty.
    """
    ends = monotonic() + TIMEOUT_SECONDS
    log = run_text(
        folder, "log", "--format=%x01%cs %aN%x02%d", "--name-status", "--no-renames", "--relative", "-z", "--", ".",
        ends=ends,
    )  # fmt: skip
    changed = run_text(folder, "diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", ".", ends=ends)
    if log is None or changed is None:
        return {}
    commits: dict[str, Commit | None] = dict.fromkeys(changed.split("\0"))
    for entry in log.split("\x01")[1:]:
        header, *files = entry.split("\0")
        names, _, refs = header.partition("\x02")
        day, _, author = names.partition(" ")
        # A shallow clone's oldest commit seems to add every file, so this commit says nothing about the files.
        commit = None if "(grafted" in refs else Commit(date.fromisoformat(day), author)
        for status, path in zip(files[::2], files[1::2], strict=False):
            commits.setdefault(path, commit if status.strip() != "D" else None)
    return {path: commit for path, commit in commits.items() if commit}


def record(library: Library) -> int:
    """Write git's days and authors to settings.CONTENT_DATES, for a deployment without git.

    Return the number of documents with a date. If there are none, an existing file is left unchanged.
    """
    commits = last_commits(library.folder)
    pages = {path.relative_to(library.folder).as_posix(): page for path, page in library.documents.items()}
    entries = {
        path: {
            "changed": commits[path].day.isoformat(),
            "author": commits[path].author,
            "sha256": page.digest,
        }
        for path, page in pages.items()
        if path in commits
    }
    removed = {url: {"removed": day.isoformat()} for url, day in _removals(library).items()}
    if entries:
        with atomic_files.replace_file(settings.CONTENT_DATES, durable=False) as file:
            file.write(json.dumps(entries | removed, indent=1).encode() + b"\n")
    return len(entries)


class _Recorded(NamedTuple):
    """The content of settings.CONTENT_DATES.

    `commits` maps the hash of a document's text to its last commit. `removals` maps the URL of a removed page to the
    day of its removal.
    """

    commits: dict[str, Commit]
    removals: dict[str, date]


def _recorded() -> _Recorded:
    """Read settings.CONTENT_DATES. A file that an earlier version of the site wrote has no authors or removals."""
    recorded = _Recorded({}, {})
    try:
        for name, entry in json.loads(settings.CONTENT_DATES.read_text(encoding="utf-8")).items():
            if "removed" in entry:
                recorded.removals[name] = date.fromisoformat(entry["removed"])
            else:
                day, author = date.fromisoformat(entry["changed"]), str(entry.get("author", ""))
                recorded.commits[entry["sha256"]] = Commit(day, author)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        logger.warning("%s can't be read (%s): run manage.py record_dates", settings.CONTENT_DATES, error)
    return recorded
