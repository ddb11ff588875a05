"""What the process that publishes writes down of the content, for whoever asks how the site is: a hash of all that the
folder holds, and how much is wrong with it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep

from django.conf import settings

from .. import atomic_files
from ..content.library import Library, Stamp

logger = logging.getLogger(__name__)

CHECK = [sys.executable, "manage.py", "check_content", "--format", "json"]
LAST = 19  # the niceness of a check: whatever else there is to do comes first
HEAD_START = 0.5  # seconds that an edit has to itself
LATER = 60  # seconds until what failed is tried again
SHARE = 3  # times as long as a check took, none is made: of ten thousand documents it takes minutes


@dataclass(frozen=True)
class ContentStatus:
    """None is what is not known yet."""

    content: str | None = None
    errors: int | None = None
    warnings: int | None = None


def read(path: Path) -> ContentStatus:
    try:
        return ContentStatus(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return ContentStatus()


class ContentStatusWriter:
    """Writes to the file at `path`, in a thread of its own. What is wrong is counted by the checker, in a process of
    its own, when all is published: it has to read every document whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counted = read(path)
        self._digests: dict[Path, tuple[Stamp, bytes]] = {}
        self._library: Library | None = None
        self._hashed: Library | None = None
        self._is_calm = False
        self._rest_until = 0.0
        self._woken = Event()
        self._lock = Lock()
        self._checking: subprocess.Popen[bytes] | None = None
        Thread(target=self._follow, name="tally", daemon=True).start()

    def begin(self, found: Library) -> None:
        """`found` is about to be published: what else goes on has to wait."""
        with self._lock:
            self._library, self._is_calm = found, False
            if self._checking:
                with suppress(ProcessLookupError):
                    os.killpg(self._checking.pid, signal.SIGKILL)
        self._woken.set()

    def end(self) -> None:
        """All is published."""
        self._is_calm = True
        self._woken.set()

    def _follow(self) -> None:
        failed = False
        while True:
            self._woken.wait(LATER if failed else None)
            self._woken.clear()
            try:
                self._look()
                failed = False
            except Exception:  # full disks and the like; the next time may do
                if not failed:
                    logger.exception("the content could not be counted, and is so later")
                failed = True

    def _look(self) -> None:
        found = self._library
        if found is not None and found is not self._hashed:
            if not self._is_calm:
                sleep(HEAD_START)
            content = self._hash(found)
            if content != self._counted.content:
                self._write(ContentStatus(content))
            self._hashed = found
        is_due = self._is_calm and self._counted.errors is None and found is not None and found.documents
        if is_due and not self._woken.wait(self._rest_until - monotonic()):
            self._check()

    def _hash(self, found: Library) -> str:
        """The same wherever the folder holds the same; of the files, those that changed are read."""
        before, self._digests = self._digests, {}
        hashed, above = sha256(), len(f"{found.folder}/")
        for path, stamp in found.stamps.items():
            known = before.get(path)
            digest = known[1] if known and known[0] == stamp else _digest(path)
            self._digests[path] = stamp, digest
            hashed.update(os.fsencode(str(path)[above:]) + b"\0" + digest)
        return hashed.hexdigest()

    def _check(self) -> None:
        begun = monotonic()
        with self._lock:
            if not self._is_calm:
                return
            self._checking = process = subprocess.Popen(  # noqa: S603
                CHECK,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # so that it can be ended with all processes that it starts
            )
            os.setpriority(os.PRIO_PROCESS, process.pid, LAST)
            with suppress(OSError):  # it holds all documents at once: where memory runs out, it ends, and not the site
                Path(f"/proc/{process.pid}/oom_score_adj").write_text("1000")
        said, _ = process.communicate()
        with self._lock:
            self._checking = None
        self._rest_until = monotonic() + SHARE * (monotonic() - begun)
        if not self._is_calm:  # it was ended
            return
        levels = [problem["level"] for problem in json.loads(said)]
        self._write(ContentStatus(self._counted.content, levels.count("error"), levels.count("warning")))

    def _write(self, counted: ContentStatus) -> None:
        with atomic_files.replace_file(self._path) as file:
            file.write(json.dumps(asdict(counted)).encode())
        self._counted = counted


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError:  # gone meanwhile, or not to be read
        return b""
