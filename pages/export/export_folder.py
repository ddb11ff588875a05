"""The folder of a static export. An export writes only what has changed, and deletes only its own files."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ..atomic_files import replace_file

# This file lists the files that the export has written, each with a digest of its content.
LIST_NAME = ".export.json"
_MAX_NAMED = 5


class FolderRefused(Exception):
    """The folder can't be used for an export."""


class ExportFolder:
    """Writes the files of an export into `folder`.

    Raises FolderRefused if the folder has files that no export wrote, because this export could overwrite them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._old = self._read_list()
        self._new: dict[str, str] = {}
        self._refuse_other_files()
        self.written: list[str] = []
        self.deleted: list[str] = []
        self._pending = dict(self._old)
        folder.mkdir(parents=True, exist_ok=True)
        self._save(self._pending)

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
        """Delete the files of earlier exports that this export didn't write."""
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

    def _refuse_other_files(self) -> None:
        if self._folder.exists() and not self._folder.is_dir():
            raise FolderRefused(f"{self._folder} is not a folder.")
        found = (path for path in self._folder.rglob("*") if path.is_symlink() or not path.is_dir())
        names = {path.relative_to(self._folder).as_posix() for path in found} - {LIST_NAME}
        if others := sorted(names - self._old.keys()):
            shown = ", ".join(others[:_MAX_NAMED]) + (" and others" if len(others) > _MAX_NAMED else "")
            raise FolderRefused(
                f"{self._folder} has files that no export has written: {shown}. "
                "Move these files away, or choose an empty folder."
            )

    def _read_list(self) -> dict[str, str]:
        """Return the digests of the listed files. A digest is empty if the file may be incomplete."""
        digests = {}
        try:
            lines = (self._folder / LIST_NAME).read_bytes().splitlines()
        except (FileNotFoundError, NotADirectoryError):
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
