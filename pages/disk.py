"""Whether a disk takes anything: which nothing but writing tells."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryFile

_PAGE = bytes(4096)  # the least that takes room


def free(folder: Path) -> int:
    """Bytes that can still be written where `folder` is, or is to be."""
    return shutil.disk_usage(_there(folder)).free


def write(folder: Path) -> None:
    """Raises OSError where nothing can be written in `folder`; leaves nothing there, whatever happens."""
    with TemporaryFile(dir=_there(folder), buffering=0) as file:
        file.write(_PAGE)


def _there(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.is_dir())
