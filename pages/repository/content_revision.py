"""The revision of the content: the last commit that changed the content folder, or else a hash of its files."""

from __future__ import annotations

import json
import logging
import os
from hashlib import file_digest, sha256
from pathlib import Path
from time import monotonic

from django.conf import settings

from .. import atomic_files
from ..content import content_folder
from ..content.content_folder import RefusedFile, Stamp
from ..content.library import Library
from .git_commands import run_text

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
EDITED = " + edits"
HASH_LENGTH = 12  # The length of the hash that is shown if no commit is known.


class ContentHasher:
    """Computes a hash of all names and bytes in the content folder. Reads only the files that changed."""

    def __init__(self) -> None:
        self._digests: dict[Path, tuple[Stamp, bytes]] = {}

    def hash(self, library: Library) -> str:
        before, self._digests = self._digests, {}
        hashed, prefix_length = sha256(), len(f"{library.folder}/")
        for path, stamp in library.stamps.items():
            cached = before.get(path)
            digest = cached[1] if cached and cached[0] == stamp else _digest(library.folder, path)
            self._digests[path] = stamp, digest
            hashed.update(os.fsencode(str(path)[prefix_length:]) + b"\0" + digest)
        return hashed.hexdigest()


def revision(folder: Path, content: str) -> str:
    """Return the revision of the content in `folder`. `content` is the hash of this content.

    The revision is the hash of the commit that changed the folder last, followed by EDITED if there are changes that
    aren't committed. If git gives no commit, return the revision that `record` wrote for this content, or else the
    start of the content's hash.
    """
    return _git_revision(folder) or _recorded(content) or f"content {content[:HASH_LENGTH]}"


def record(library: Library) -> None:
    """Write git's revision to a file, for deployments without git. If git has no revision, keep an existing file."""
    if found := _git_revision(library.folder):
        values = {"content": ContentHasher().hash(library), "revision": found}
        with atomic_files.replace_file(_record_path(), durable=False) as file:
            file.write(json.dumps(values).encode() + b"\n")


def _git_revision(folder: Path) -> str:
    ends = monotonic() + TIMEOUT_SECONDS
    commit = (run_text(folder, "log", "--max-count=1", "--format=%H", "--", ".", ends=ends) or "").strip()
    changes = run_text(folder, "status", "--porcelain", "--", ".", ends=ends) if commit else None
    return "" if changes is None else commit + (EDITED if changes else "")


def _recorded(content: str) -> str:
    try:
        values = json.loads(_record_path().read_text(encoding="utf-8"))
        return str(values["revision"]) if values["content"] == content else ""
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, LookupError, TypeError) as error:
        logger.warning("%s can't be read (%s): run manage.py record_dates", _record_path(), error)
        return ""


def _record_path() -> Path:
    dates: Path = settings.CONTENT_DATES
    return dates.with_name("content-revision.json")


def _digest(folder: Path, path: Path) -> bytes:
    try:
        with content_folder.open_file(folder, path) as file:
            return file_digest(file, "sha256").digest()
    except (OSError, RefusedFile):  # the file was removed, is unreadable, or is a link out of the folder
        return b""
