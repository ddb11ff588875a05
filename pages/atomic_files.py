"""Whether a disk takes anything, which nothing but writing tells; and files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

_PAGE = bytes(4096)  # the least that takes room


def free_bytes(folder: Path) -> int:
    """Bytes that can still be written where `folder` is, or is to be."""
    return shutil.disk_usage(_existing_parent(folder)).free


def check_writable(folder: Path) -> None:
    """Raises OSError where nothing can be written in `folder`; leaves nothing there, whatever happens."""
    with TemporaryFile(dir=_existing_parent(folder), buffering=0) as file:
        file.write(_PAGE)


@contextmanager
def replace_file(path: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """A file that takes the place of the one at `path` once it is written; where it is `durable`, whenever the power
    fails. What ends the writing, a full disk or an exception, leaves that as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _existing_parent(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.is_dir())
