"""The spool: an append-only file that saves leads while the database is down.

`append` returns only after the record is on disk. Each record is one line of JSON with a newline before and after it.
A crash can therefore damage only the record that was being written. The visitor who sent it has not yet seen the
thank-you text.
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

# The files of the spool: new records, records that are being replayed, and records that can't be saved.
_SPOOL, _REPLAYING, _SET_ASIDE = "leads.jsonl", "taken-*.jsonl", "aside.jsonl"

# Exceptions that `from_json` raises for a malformed record.
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError)


def append(submission: Submission) -> None:
    """Write the submission to disk, or raise OSError."""
    folder = _folder()
    with _locked(folder / "appending"):
        _append_line(folder / _SPOOL, submission.to_json())


def replay(save: Callable[[Submission], object]) -> int:
    """Pass each submission to `save`, oldest first, and return how many were saved.

    Only one process replays at a time. In other processes, the function returns 0. An exception from `save` propagates,
    and the next replay starts again with the same file, as after a crash. So `save` must be idempotent.

    Malformed records, and records that the database rejects, are moved to a separate file and logged.
    """
    folder, count = _folder(), 0
    try:
        with _locked(folder / "replaying", wait=False):
            _start_new_file(folder)
            for path in sorted(folder.glob(_REPLAYING)):
                count += sum(_replay_line(line, save, folder) for line in _lines(path))
                path.unlink()
    except BlockingIOError:
        return 0
    return count


def check_writable() -> None:
    """Raise OSError if the spool can't be written."""
    atomic_files.check_writable(_folder())


def pending_count() -> int:
    """Return the number of submissions in the spool."""
    folder = settings.SPOOL_DIR
    return sum(len(_lines(path)) for path in (folder / _SPOOL, *folder.glob(_REPLAYING)))


def oldest() -> datetime | None:
    """Return the time when the first submission in the spool was sent."""
    folder = settings.SPOOL_DIR
    for path in (*sorted(folder.glob(_REPLAYING)), folder / _SPOOL):
        for line in _lines(path):
            with suppress(*_MALFORMED):
                return from_json(line).sent_at
    return None


def set_aside_count() -> int:
    """Return the number of records that could not be saved and need manual review."""
    return len(_lines(settings.SPOOL_DIR / _SET_ASIDE))


def _start_new_file(folder: Path) -> None:
    """Rename the current spool file for replay, so that appends go to a new file."""
    with _locked(folder / "appending"):
        path = folder / _SPOOL
        if path.exists():
            number = 1 + max((int(old.stem.partition("-")[2]) for old in folder.glob(_REPLAYING)), default=0)
            path.rename(folder / _REPLAYING.replace("*", f"{number:06}"))


def _replay_line(line: str, save: Callable[[Submission], object], folder: Path) -> bool:
    """Save one record, or set it aside. Return True if it was saved."""
    try:
        save(from_json(line))
    except (*_MALFORMED, DataError, IntegrityError) as error:
        if line not in _lines(folder / _SET_ASIDE):  # an interrupted replay may have moved the record already
            logger.critical("a spool record (%s) was moved to %s", type(error).__name__, folder / _SET_ASIDE)
            _append_line(folder / _SET_ASIDE, line)
        return False
    return True


def _folder() -> Path:
    folder: Path = settings.SPOOL_DIR
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)
    return folder


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a file lock. Without `wait`, raise BlockingIOError if another process holds it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _append_line(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    end = os.fstat(descriptor).st_size
    try:
        data = f"\n{line}\n".encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    except OSError:  # the visitor sees an error, so don't keep a partial record
        with suppress(OSError):
            os.ftruncate(descriptor, end)
        raise
    finally:
        os.close(descriptor)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Flush the folder's entries to disk, so that new file names survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(errors="replace").split("\n") if line]
    except FileNotFoundError:  # the file was never written, or was just replayed
        return []
