"""The spool: an append-only file that saves leads while the database is down.

`append` returns only after the record is on disk. Each record is one line of JSON with a newline before and after it.
A crash can therefore damage only the record that was being written. The visitor who sent that record's form has not yet
seen the thank-you text.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError

from pages import atomic_files

from .submissions import Submission, from_json

logger = logging.getLogger(__name__)

# The files of the spool: new records, records that are being replayed, and records that can't be saved.
_FILES = _SPOOL, _REPLAYING, _SET_ASIDE = "leads.jsonl", "taken-*.jsonl", "aside.jsonl"


class _Outcome(Enum):
    """The result of replaying one record of the spool."""

    SAVED = auto()
    SET_ASIDE = auto()
    KEPT = auto()


def append(submission: Submission) -> None:
    """Write the submission to disk, or raise OSError."""
    folder = _folder()
    with _locked(folder / "appending"):
        _append_lines(folder / _SPOOL, [submission.to_json()])


def replay(save: Callable[[Submission], object]) -> int:
    """Pass each submission to `save`, oldest first, and return how many were saved.

    Only one process replays at a time. In other processes, the function returns 0. `save` must be idempotent, because
    after a crash the next replay starts again with the same file.

    Malformed records, and records that the database will never accept, are moved to a separate file and logged. After
    any other exception from `save`, the record stays in the spool. If the database fails, the replay raises the
    exception at once. Otherwise, the exception may concern only one record, so the replay saves the remaining records
    before it raises the exception.
    """
    folder, count = _folder(), 0
    errors: list[Exception] = []
    try:
        with _locked(folder / "replaying", wait=False):
            _start_new_file(folder)
            for path in sorted(folder.glob(_REPLAYING)):
                lines = _lines(path)
                outcomes = [_replay_line(line, save, folder, errors) for line in lines]
                count += outcomes.count(_Outcome.SAVED)
                _replace_lines(
                    path, [line for line, each in zip(lines, outcomes, strict=True) if each is _Outcome.KEPT]
                )
    except BlockingIOError:
        return 0
    if errors:
        raise errors[0]
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
            with suppress(ValueError):
                return from_json(line).sent_at
    return None


def set_aside() -> list[str]:
    """Return the records that could not be saved and need manual review."""
    return _lines(settings.SPOOL_DIR / _SET_ASIDE)


def replay_set_aside(save: Callable[[Submission], object]) -> int:
    """Pass each valid record in the set-aside file to `save`. Remove the saved records, and return their number."""
    folder = _folder()
    path, kept = folder / _SET_ASIDE, []
    with _locked(folder / "replaying"):
        lines = _lines(path)
        for line in lines:
            try:
                submission = from_json(line)
            except ValueError:
                kept.append(line)
                continue
            try:
                save(submission)
            except (DataError, IntegrityError):
                kept.append(line)
        _replace_lines(path, kept)
    return len(lines) - len(kept)


def find(has_address: Callable[[str], bool]) -> dict[str, list[str]]:
    """Return the records for which `has_address` is true, keyed by the name of their file.

    Wait for a running replay, which moves records from file to file.
    """
    folder = _folder()
    with _locked(folder / "replaying"):
        return _find(has_address, folder)


def remove(has_address: Callable[[str], bool]) -> None:
    """Remove the records for which `has_address` is true.

    Wait for a running replay. No records can be appended during the removal.
    """
    folder = _folder()
    with _locked(folder / "replaying"), _locked(folder / "appending"):
        for name in _find(has_address, folder):
            path = folder / name
            _replace_lines(path, [line for line in _lines(path) if not has_address(line)])


def _find(has_address: Callable[[str], bool], folder: Path) -> dict[str, list[str]]:
    paths = sorted(path for pattern in _FILES for path in folder.glob(pattern))
    found = {path.name: [line for line in _lines(path) if has_address(line)] for path in paths}
    return {name: lines for name, lines in found.items() if lines}


def _start_new_file(folder: Path) -> None:
    """Rename the current spool file for replay, so that appends go to a new file."""
    with _locked(folder / "appending"):
        path = folder / _SPOOL
        if path.exists():
            number = 1 + max((int(old.stem.partition("-")[2]) for old in folder.glob(_REPLAYING)), default=0)
            path.rename(folder / _REPLAYING.replace("*", f"{number:06}"))


def _replay_line(line: str, save: Callable[[Submission], object], folder: Path, errors: list[Exception]) -> _Outcome:
    """Save one record, or set it aside.

    After an unexpected exception, keep the record, and add the exception to `errors`.
    """
    try:
        submission = from_json(line)
    except ValueError as error:
        _set_aside(line, error, folder)
        return _Outcome.SET_ASIDE
    try:
        save(submission)
    except (DataError, IntegrityError) as error:
        _set_aside(line, error, folder)
        return _Outcome.SET_ASIDE
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        errors.append(error)
        return _Outcome.KEPT
    return _Outcome.SAVED


def _set_aside(line: str, error: Exception, folder: Path) -> None:
    path = folder / _SET_ASIDE
    if line not in _lines(path):  # an interrupted replay may have moved the record already
        logger.critical("a spool record (%s) was moved to %s", type(error).__name__, path)
        _append_lines(path, [line])


def _replace_lines(path: Path, lines: list[str]) -> None:
    """Durably replace the lines of the file at `path`. If there are no `lines`, delete the file."""
    temporary = path.with_name(f".{path.name}")
    temporary.unlink(missing_ok=True)  # a crashed process may have left the file
    if not lines:
        path.unlink(missing_ok=True)
    elif lines != _lines(path):
        _append_lines(temporary, lines)
        temporary.replace(path)
        _sync_folder(path.parent)


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


def _append_lines(path: Path, lines: list[str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    end = os.fstat(descriptor).st_size
    try:
        data = "".join(f"\n{line}\n" for line in lines).encode(errors="surrogateescape")
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
        return [line for line in path.read_text(errors="surrogateescape").split("\n") if line]
    except FileNotFoundError:  # the file was never written, or was just replayed
        return []
