"""The folder of a static export. An export writes only what has changed, and deletes only its own files."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ..atomic_files import TEMPORARY_PREFIX, replace_file

# This file lists the files that the export has written, each with a digest of its content.
LIST_NAME = ".export.json"
_MAX_NAMED = 5


class FolderRefused(Exception):
    """The folder can't be used for an export."""


class ExportFolder:
    """Writes the files of an export into `folder`.

    Raises FolderRefused if another export is writing into the folder. Also raises FolderRefused if the folder has files
    that no export wrote, because this export could overwrite them. `close` lets other exports use the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = self._lock_folder()
        try:
            self._old = self._read_list()
            self._new: dict[str, str] = {}
            self.written: list[str] = []
            self.deleted: list[str] = []
            self._pending = self._old | dict.fromkeys(self._check_files(), "")
            self._save(self._pending)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        os.close(self._lock)

    def _lock_folder(self) -> int:
        """Create the folder if it is missing. Return a descriptor that holds a lock on the folder."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise FolderRefused(f"{error.filename} is not a folder.") from error
        lock = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise FolderRefused(f"Another export is writing into {self._folder}. Wait until it has ended.") from error
        return lock

    @property
    def file_count(self) -> int:
        return len(self._new)

    def write(self, name: str, data: bytes) -> None:
        """Write the file `name`, unless it has this content already."""
        if not _is_relative(name):
            raise FolderRefused(f"“{name}” can't be the name of an exported file.")
        if name in self._new:
            raise FolderRefused(f"Two addresses need the same file, {name}. Change the URL of one of the two pages.")
        digest = self._new[name] = sha256(data).hexdigest()
        path = self._folder / name
        if self._old.get(name) == digest and path.is_file() and path.stat().st_size == len(data):
            return
        if self._pending.get(name) != "":  # if this export is killed now, the next export knows this file
            self._pending[name] = ""
            with (self._folder / LIST_NAME).open("ab") as file:
                file.write(_line(name, ""))
        with replace_file(path, durable=False) as file:
            file.write(data)
        self.written.append(name)

    def finish(self) -> None:
        """Delete the files that earlier exports wrote and this export didn't."""
        for name in sorted(self._pending.keys() - self._new.keys()):
            path = self._folder / name
            with suppress(FileNotFoundError, NotADirectoryError):
                path.unlink()
                self.deleted.append(name)
            for parent in path.parents:
                if parent == self._folder:
                    break
                with suppress(OSError):  # the folder has other files, or is gone
                    parent.rmdir()
        self._save(self._new)

    def _check_files(self) -> set[str]:
        """Refuse a folder with files that no export wrote. Return the names of unfinished files of a killed export."""
        found = (path for path in self._folder.rglob("*") if path.is_symlink() or not path.is_dir())
        names = {path.relative_to(self._folder).as_posix() for path in found} - {LIST_NAME}
        unfinished = {name for name in names if PurePosixPath(name).name.startswith(TEMPORARY_PREFIX)}
        if others := sorted(names - unfinished - self._old.keys()):
            shown = ", ".join(others[:_MAX_NAMED]) + (" and others" if len(others) > _MAX_NAMED else "")
            raise FolderRefused(
                f"{self._folder} has files that no export has written: {shown}. "
                "Move these files away, or choose an empty folder."
            )
        return unfinished

    def _read_list(self) -> dict[str, str]:
        """Return the digest of each file in the export's list. A digest is "" if the file may be incomplete."""
        digests = {}
        try:
            lines = (self._folder / LIST_NAME).read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        for line in lines:
            with suppress(ValueError):  # the last line may be incomplete
                name, digest = json.loads(line)
                if _is_relative(name):
                    digests[name] = digest
        return digests

    def _save(self, digests: dict[str, str]) -> None:
        with replace_file(self._folder / LIST_NAME) as file:
            file.writelines(_line(name, digest) for name, digest in sorted(digests.items()))


def _line(name: str, digest: str) -> bytes:
    return json.dumps([name, digest]).encode() + b"\n"


def _is_relative(name: str) -> bool:
    """Return whether `name` is a path inside the folder. Return False for LIST_NAME, the export's own list."""
    path = PurePosixPath(name)
    return bool(path.parts) and name != LIST_NAME and not path.is_absolute() and ".." not in path.parts
