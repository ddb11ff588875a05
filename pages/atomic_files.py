"""Atomic file replacement, and checks for a full or read-only disk."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

# The start of a new file's name until the file is complete. A killed process leaves such a file behind.
TEMPORARY_PREFIX = ".unfinished-"

_BLOCK = bytes(4096)  # on a full disk, writing this much fails


def free_bytes(folder: Path) -> int:
    """Return the free space on the disk of `folder`. The folder may not exist yet."""
    return shutil.disk_usage(_existing_parent(folder)).free


def check_writable(folder: Path) -> None:
    """Raise OSError if nothing can be written to `folder`. The check writes a temporary file."""
    with TemporaryFile(dir=_existing_parent(folder), buffering=0) as file:
        file.write(_BLOCK)


@contextmanager
def replace_file(path: Path, *, durable: bool = True, keep_mode: bool = False) -> Iterator[IO[bytes]]:
    """Open a new file that replaces the file at `path` when the `with` block ends.

    After an exception, such as a full disk, the old file stays. A `durable` file also survives a power failure. With
    `keep_mode`, the new file has the old file's mode. It also has the old owner and group if the process may set these.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=TEMPORARY_PREFIX, delete=False) as file:
        try:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
            mode = 0o644
            if keep_mode:
                status = path.stat()
                mode = stat.S_IMODE(status.st_mode)
                for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):
                    with suppress(OSError):  # only root may change the owner; others may set one of their groups
                        os.fchown(file.fileno(), owner, group)
            os.fchmod(file.fileno(), mode)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def write_file(path: Path, data: bytes) -> None:
    """Replace the file at `path`. Faster than `replace_file`, but a power failure may damage the new file."""
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{token_hex(8)}")
    try:
        file = temporary.open("xb", buffering=0)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = temporary.open("xb", buffering=0)
    try:
        with file:
            if file.write(data) != len(data):  # on a disk that just filled up, write() stops early without an error
                raise OSError(ENOSPC, os.strerror(ENOSPC))
            os.fchmod(file.fileno(), 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _existing_parent(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.is_dir())
