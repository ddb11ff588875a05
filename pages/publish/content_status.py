"""The content status: a hash and the revision of the content folder, and the number of problems in its documents.

The publisher process runs the command `check_content`, and writes the status to a file for /readyz and /version. The
command also writes the reports that the admin shows.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep

from django.conf import settings

from .. import clock, sealed_files
from ..content.library import Library
from ..repository import content_revision
from ..repository.content_revision import ContentHasher

logger = logging.getLogger(__name__)

CHECK_COMMAND = ["manage.py", "check_content", "--format", "json"]
CHECK_NICENESS = 19  # The check has the lowest priority on the machine.
HASH_DELAY_SECONDS = 0.5  # Hash the folder this long after an edit, so that the edit is published first.
POLL_SECONDS = 1  # A damaged status file is written again within this time.
RETRY_SECONDS = 60
REVISION_SECONDS = 60  # Ask git for new commits this often: a commit changes no document, so the site doesn't see it.
REST_FACTOR = 3  # Rest three times as long as the check took, because checking 10,000 documents takes minutes.


@dataclass(frozen=True)
class ContentStatus:
    """The content status. A value that is not known yet is None. `content` is a hash of all files."""

    content: str | None = None
    errors: int | None = None
    warnings: int | None = None
    revision: str | None = None


def read(path: Path) -> ContentStatus:
    """Return the status in the file at `path`, or an empty status if the file is missing or damaged."""
    try:
        return ContentStatus(**json.loads(sealed_files.read(path)))
    except OSError:
        return ContentStatus()
    except sealed_files.Damaged:
        logger.error("the file %s is damaged: the publisher writes it again", path)
        return ContentStatus()


class ContentStatusWriter:
    """Updates the status in the file at `path`, and the reports about documents, in a thread of its own.

    A child process runs `check_content` to count the problems. The check has to read every document in full, so it
    runs only after everything is published.
    """

    def __init__(self, path: Path, reports_path: Path) -> None:
        self._path = path
        self._reports_path = reports_path
        self._status = read(path)
        self._hasher = ContentHasher()
        self._library: Library | None = None
        self._hashed_library: Library | None = None
        self._unfinished: frozenset[str] | None = None  # The URLs of the pages that aren't live.
        self._is_outdated = False  # True if pages went live or expired after the last check, or a check was killed.
        self._is_idle = False
        self._next_check = self._next_revision = 0.0
        self._wake = Event()
        self._lock = Lock()
        self._check_process: subprocess.Popen[bytes] | None = None
        Thread(target=self._run, name="content-status", daemon=True).start()

    def publishing_started(self, library: Library) -> None:
        """Kill a running check, because the check would slow down publishing."""
        now = clock.now()
        unfinished = frozenset(url for url, page in library.pages.items() if page.meta.is_unfinished(now))
        with self._lock:
            self._is_outdated = self._is_outdated or self._unfinished not in (None, unfinished)
            self._unfinished = unfinished
            self._library, self._is_idle = library, False
            if self._check_process:
                with suppress(ProcessLookupError):
                    os.killpg(self._check_process.pid, signal.SIGKILL)
        self._wake.set()

    def publishing_finished(self) -> None:
        """Allow checks again, until the next `publishing_started`."""
        self._is_idle = True
        self._wake.set()

    def _run(self) -> None:
        failed = False
        while True:
            self._wake.wait(RETRY_SECONDS if failed else POLL_SECONDS)
            self._wake.clear()
            try:
                self._update()
                failed = False
            except Exception:  # for example, the disk is full; retry later
                if not failed:
                    logger.exception("the content status could not be updated; retrying every %s s", RETRY_SECONDS)
                failed = True

    def _update(self) -> None:
        library = self._library
        if read(self._path) != self._status:
            self._write(self._status)
        if library is not None and library is not self._hashed_library:
            if not self._is_idle:
                sleep(HASH_DELAY_SECONDS)
            content = self._hasher.hash(library)
            if content != self._status.content:
                self._write(ContentStatus(content, revision=content_revision.revision(library.folder, content)))
            self._hashed_library = library
            self._next_revision = monotonic() + REVISION_SECONDS
        elif library is not None and self._is_idle and monotonic() >= self._next_revision:
            self._update_revision(library)
        is_missing = self._status.errors is None or not self._reports_path.exists()
        is_due = self._is_idle and (is_missing or self._is_outdated)
        if is_due and library is not None and library.documents and not self._wake.wait(self._next_check - monotonic()):
            self._check()

    def _update_revision(self, library: Library) -> None:
        """Update the revision in the status, because edits may be committed after they are published."""
        revision = content_revision.revision(library.folder, self._status.content or "")
        if revision != self._status.revision:
            self._write(replace(self._status, revision=revision))
        self._next_revision = monotonic() + REVISION_SECONDS

    def _check(self) -> None:
        started = monotonic()
        with self._lock:
            if not self._is_idle:
                return
            self._is_outdated = False
            report = ["--report", str(self._reports_path)]
            self._check_process = process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "pages.end_with_parent", str(os.getpid()), *CHECK_COMMAND, *report],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a process group, to kill the check together with its children
            )
            with suppress(OSError):  # the process has ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, CHECK_NICENESS)
            # The check holds all documents in memory. If memory runs out, the kernel must kill the check, not the site.
            with suppress(OSError):
                Path(f"/proc/{process.pid}/oom_score_adj").write_text("1000")
        output, _ = process.communicate()
        with self._lock:
            self._check_process = None
        self._next_check = monotonic() + REST_FACTOR * (monotonic() - started)
        if process.returncode < 0:  # `publishing_started` has killed the check
            self._is_outdated = True
            return
        try:
            levels = [problem["level"] for problem in json.loads(output)]
            counts = {"errors": levels.count("error"), "warnings": levels.count("warning")}
            if any(counts.values()):
                text = "`manage.py check_content` finds problems: errors %(errors)s, warnings %(warnings)s"
                logger.warning(text, counts)
            self._write(replace(self._status, errors=counts["errors"], warnings=counts["warnings"]))
        except Exception:  # for example, the disk is full; `_run` logs the error and checks again later
            self._is_outdated = True
            raise

    def _write(self, status: ContentStatus) -> None:
        with sealed_files.replace(self._path) as file:
            file.write(json.dumps(asdict(status)).encode())
        self._status = status
