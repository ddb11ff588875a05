"""Change several files in the content folder together: show a diff, and write either all changes or none."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pages.atomic_files import replace_file

from . import content_folder
from .content_folder import RefusedFile, display_path
from .text_files import normalize


@dataclass(frozen=True)
class FileChange:
    """A file's bytes before and after the change. None means that there is no such file.

    If the file moves, `target` is its new path.
    """

    path: Path
    before: bytes | None
    after: bytes | None
    target: Path | None = None


class FileChanged(Exception):
    """Another program has changed, created or deleted the file at `path` after the changes were planned."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def diff(folder: Path, changes: Iterable[FileChange]) -> Iterator[str]:
    """Yield the lines of a unified diff. A deleted or moved file has a line such as “Delete content/a.md”."""
    for change in changes:
        old_path, new_path = display_path(folder, change.path), display_path(folder, change.target or change.path)
        if change.after is None:
            yield f"Delete {old_path}"
            continue
        if change.target:
            yield f"Move {old_path} to {new_path}"
        start = old_path if change.before is not None else "/dev/null"
        yield from difflib.unified_diff(_lines(change.before), _lines(change.after), start, new_path, lineterm="", n=1)


def _lines(raw: bytes | None) -> list[str]:
    return normalize(raw.decode()).split("\n") if raw else []


def apply(folder: Path, changes: Collection[FileChange]) -> None:
    """Write the changes in the content folder `folder`.

    If a change can't be written, undo the changes written before and raise OSError. Ctrl-C also undoes all changes.
    If a file has changed since the changes were planned, write nothing and raise FileChanged.
    """
    old = {change.path: change.before for change in changes}
    # If b.md moves to c.md, a.md may move to b.md. The path b.md then gets the text of a.md, and isn't deleted.
    new = dict.fromkeys(old) | {
        change.target or change.path: change.after for change in changes if change.after is not None
    }
    # Files are written before others are deleted, so that no text is lost if the program is killed.
    steps = sorted(((path, old.get(path), after) for path, after in new.items()), key=lambda step: step[2] is None)
    for path, before, _ in steps:
        if _read(folder, path) != before:
            raise FileChanged(path)
    done: list[tuple[Path, bytes | None, bytes | None]] = []
    try:
        for step in steps:
            done.append(step)
            path, before, after = step
            _write(path, after, keep_mode=before is not None)
    except (OSError, KeyboardInterrupt):
        for path, before, after in reversed(done):
            with suppress(OSError):
                _write(path, before, keep_mode=after is not None)
        raise
    for path, _, after in steps:
        if after is None:
            with suppress(OSError):  # rmdir fails if the folder has other files
                path.parent.rmdir()


def _read(folder: Path, path: Path) -> bytes | None:
    try:
        return content_folder.read_bytes(folder, path)
    except FileNotFoundError:
        return None
    except RefusedFile as error:  # something other than a file is at this path now
        raise FileChanged(path) from error


def _write(path: Path, raw: bytes | None, *, keep_mode: bool) -> None:
    if raw is None:
        path.unlink(missing_ok=True)
        return
    with replace_file(path, keep_mode=keep_mode) as file:
        file.write(raw)
