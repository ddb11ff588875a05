"""Where leads wait when the database cannot take them: a file that is only ever appended to, and is on the disk before
the visitor is thanked.

A record is a line of JSON with a newline on either side: what a crash cut off in the middle stays a line by itself, and
was never thanked for.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError

from pages import atomic_files

from .submissions import Submission, from_json

logger = logging.getLogger(__name__)

_FILE, _TAKEN, _ASIDE = "leads.jsonl", "taken-*.jsonl", "aside.jsonl"

# What `from_json` raises for a line that is no whole record.
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError)


def append(submission: Submission) -> None:
    """Returns when the submission is on the disk; raises OSError where it could not get there."""
    folder = _folder()
    with _locked(folder / "appending"):
        _write(folder / _FILE, submission.to_json())


def replay(keep: Callable[[Submission], object]) -> int:
    """Hands each submission to `keep`, in the order in which they came, and forgets all when that returned for each;
    how many. One process replays at a time, the others find nothing to do. What `keep` raises goes on to the caller,
    and all is handed over again another time, as after a crash: `keep` must know what it has kept.

    What can be kept nowhere (a record that is torn, or one that the database refuses) is put aside in a file of its
    own, and logged.
    """
    folder, count = _folder(), 0
    try:
        with _locked(folder / "replaying", wait=False):
            _take(folder)
            for taken in sorted(folder.glob(_TAKEN)):
                count += sum(_replay_line(line, keep, folder) for line in _lines(taken))
                taken.unlink()
    except BlockingIOError:
        return 0
    return count


def check_writable() -> None:
    """Raises OSError where nothing could be appended."""
    atomic_files.check_writable(_folder())


def pending_count() -> int:
    """How many submissions wait."""
    folder = settings.SPOOL_DIR
    return sum(len(_lines(path)) for path in (folder / _FILE, *folder.glob(_TAKEN)))


def oldest() -> datetime | None:
    """When the first of them was sent."""
    folder = settings.SPOOL_DIR
    for path in (*sorted(folder.glob(_TAKEN)), folder / _FILE):
        for line in _lines(path):
            with suppress(*_MALFORMED):
                return from_json(line).sent_at
    return None


def set_aside_count() -> int:
    """How many records could not be kept, and wait for somebody to look at them."""
    return len(_lines(settings.SPOOL_DIR / _ASIDE))


def _take(folder: Path) -> None:
    """Gives what was appended a name of its own, so that appending goes on elsewhere."""
    with _locked(folder / "appending"):
        written = folder / _FILE
        if written.exists():
            number = 1 + max((int(path.stem.partition("-")[2]) for path in folder.glob(_TAKEN)), default=0)
            written.rename(folder / f"taken-{number:06}.jsonl")


def _replay_line(line: str, keep: Callable[[Submission], object], folder: Path) -> bool:
    try:
        keep(from_json(line))
    except (*_MALFORMED, DataError, IntegrityError) as error:
        if line not in _lines(folder / _ASIDE):  # as it is where a record after it was not kept the last time
            logger.critical("a record of the spool (%s) was put aside in %s", type(error).__name__, folder / _ASIDE)
            _write(folder / _ASIDE, line)
        return False
    return True


def _folder() -> Path:
    folder: Path = settings.SPOOL_DIR
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync(folder.parent)
    return folder


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Raises BlockingIOError where another process has the lock and this one is not to wait."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _write(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    end = os.fstat(descriptor).st_size
    try:
        data = f"\n{line}\n".encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    except OSError:  # its sender is told that it was not kept, so none of it is
        with suppress(OSError):
            os.ftruncate(descriptor, end)
        raise
    finally:
        os.close(descriptor)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """The names in it must outlive a power failure too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(errors="replace").split("\n") if line]
    except FileNotFoundError:  # never written, or replayed a moment ago
        return []
