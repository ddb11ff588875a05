"""Find and read the files in the content folder. The site follows no symbolic link out of the folder.

The folder itself may be a symbolic link, which git-sync replaces for each revision. The site follows a link in the
folder if the link's target is in the folder, too. In a Kubernetes ConfigMap, `site.toml` links to `..data/site.toml`,
and `..data` links to a hidden folder.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from errno import ENOENT
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from posixpath import normpath
from typing import NamedTuple

from . import images, video_files
from .url_paths import is_reserved

# File types that the site serves besides documents: images, videos and downloads.
MEDIA_TYPES = {
    **images.SUFFIXES,
    video_files.SUFFIX: video_files.CONTENT_TYPE,
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


# The words that all kits share (see `kit_words`). This file is not a page.
KIT_FILE = "kit.md"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Stamp(NamedTuple):
    """A file's state. A different stamp means a changed file.

    Times are in nanoseconds. `changed` is the time when the inode changed, so a new file gets a different stamp even if
    it has the size and modification time of the old file. `refusal` says why the site doesn't read a file, link or
    folder. For a file that can be read, `refusal` is empty.
    """

    modified: int
    size: int
    changed: int
    refusal: str = ""


class RefusedFile(Exception):
    """Raised for a file that the site doesn't read. The message is a sentence without the final period."""


class FileTooLarge(Exception):
    """The file has more bytes than allowed."""


def scan(folder: Path) -> dict[Path, Stamp]:
    """Return the stamps of the site's files: documents, images, downloads, settings, and refused files and folders."""
    # Compare paths name by name. So replace each `/` by a zero byte, which sorts before all characters of names.
    entries = sorted(_walk(folder), key=lambda pair: pair[0].replace(os.sep, "\0"))
    return {_cached_path(path): stamp for path, stamp in entries}


@lru_cache(100_000)
def _cached_path(path: str) -> Path:
    """Return the same Path object for the same `path`: creating and comparing ten thousand new objects is slow."""
    return Path(path)


def stamp_hash(folder: Path) -> int:
    """Return a number that changes if the result of `scan` changes. Takes a fifth of the time of `scan`."""
    return hash(tuple(_walk(folder)))


def is_empty(folder: Path) -> bool:
    """Return whether `folder` has no documents."""
    return not document_paths(folder, scan(folder))


def closed_paths(folder: Path, stamps: Mapping[Path, Stamp]) -> list[Path]:
    """Return the site's files and folders that the site has no permission to open."""
    return [
        path
        for path, stamp in stamps.items()
        if (stamp.refusal or path.suffix == ".md" or path.suffix.lower() in MEDIA_TYPES) and is_closed(folder, path)
    ]


def is_closed(folder: Path, path: Path) -> bool:
    """Return True if the site lacks the permission to open `path`. Return False for ignored symbolic links."""
    if is_readable(path):
        return False
    try:
        real_path(folder, path)
    except PermissionError:
        return not is_link(path)
    except (OSError, RefusedFile):
        return False
    return True


def is_link(path: Path) -> bool:
    """Return whether `path` is a symbolic link. Unlike Path.is_symlink, never raise an exception."""
    return os.path.islink(path)


def is_readable(path: Path) -> bool:
    """Return whether the site has permission to read the file at `path`."""
    return os.access(path, os.R_OK)


def _walk(folder: Path) -> Iterator[tuple[str, Stamp]]:
    """Yield files and their stamps. Skip hidden files, READMEs, and files that vanish in the meantime.

    Visit each folder only once, because symbolic links may form a loop. Follow symbolic links last, so that a folder is
    visited by its own path before any link leads to it.
    """
    try:
        root = os.path.realpath(folder, strict=True)
    except OSError:
        return
    seen, folders, links = {root}, [(str(folder), root)], list[tuple[str, str]]()
    while folders or links:
        while folders:
            yield from _walk_one(*folders.pop(), seen, folders, links)
        links.sort(reverse=True)
        while links and not folders:
            path, real = links.pop()
            try:
                target, status = _follow(root, real)
            except OSError as error:  # a loop of symbolic links, a missing target, or no permission
                yield path, _refused(real, f"The site can't follow this symbolic link: {error.strerror}")
                continue
            except RefusedFile as error:
                yield path, _refused(real, str(error))
                continue
            if not stat.S_ISDIR(status.st_mode):
                yield path, _stamp(status)
            elif target in seen:
                yield path, _refused(real, "The site ignores symbolic links to folders that are on the site already")
            else:
                seen.add(target)
                folders.append((path, target))


def _walk_one(
    path: str, real: str, seen: set[str], folders: list[tuple[str, str]], links: list[tuple[str, str]]
) -> Iterator[tuple[str, Stamp]]:
    """Yield the files of one folder. Add its subfolders to `folders` and its symbolic links to `links`.

    `real` is `path` with all symbolic links resolved.
    """
    try:
        with os.scandir(real) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name == "README.md":
                    continue
                entry_path = f"{path}{os.sep}{entry.name}"
                try:
                    if entry.is_symlink():
                        links.append((entry_path, entry.path))
                    elif not entry.is_dir(follow_symlinks=False):
                        yield entry_path, _stamp_file(entry)
                    elif entry.path not in seen:
                        seen.add(entry.path)
                        folders.append((entry_path, entry.path))
                except FileNotFoundError:  # the file was deleted after the folder was listed
                    continue
                except OSError as error:  # for example, the folder can be listed, but its files can't be opened
                    yield entry_path, _refused(entry.path, f"The site can't open this file: {error.strerror}")
    except OSError as error:
        if error.errno != ENOENT:
            yield path, _refused(real, f"The site can't open this folder: {error.strerror}")


def _stamp_file(entry: os.DirEntry[str]) -> Stamp:
    """Return the stamp of `entry`. If `entry` isn't a file, the stamp has a `refusal`. Raises OSError."""
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        return _refused(entry.path, "The site ignores anything other than files and folders")
    return _stamp(status)


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ctime_ns)


def _refused(real: str, reason: str) -> Stamp:
    try:
        status = os.lstat(real)
    except OSError:
        return Stamp(0, 0, 0, reason)
    return Stamp(status.st_mtime_ns, 0, status.st_ctime_ns, reason)


def _follow(root: str, path: str) -> tuple[str, os.stat_result]:
    """Return the file or folder that `path` leads to, and its status. Raises RefusedFile, or OSError.

    Hidden files are refused, except in folders whose names start with two dots. Kubernetes uses such folders for a
    ConfigMap (https://pkg.go.dev/k8s.io/kubernetes/pkg/volume/util#AtomicWriter).
    """
    target = os.path.realpath(path, strict=True)
    status = os.lstat(target)
    if target != root and not target.startswith(f"{root}{os.sep}"):
        raise RefusedFile("The site ignores symbolic links that lead out of the content folder")
    parts = target[len(root) :].split(os.sep)
    if any(part.startswith(".") and not part.startswith("..") for part in parts):
        raise RefusedFile("The site ignores symbolic links to hidden files and folders")
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise RefusedFile("The site ignores symbolic links to anything other than files and folders")
    return target, status


def find_file(folder: Path, path: str) -> Path | None:
    """Return the file at the URL path `path` in `folder`, or None.

    Only types in MEDIA_TYPES are served. The site never serves hidden files, files outside `folder`, or files at
    reserved URLs.
    """
    path = normpath("/" + path.lstrip("/")) if not path.endswith("/") else ""
    file = folder.joinpath(path.lstrip("/"))
    if "/." in path or is_reserved(path.lower()) or file.suffix.lower() not in MEDIA_TYPES:
        return None
    try:
        _, status = _follow(os.path.realpath(folder), str(file))
    except (OSError, ValueError, RefusedFile):  # the file is missing or refused, or its name is not valid
        return None
    return file if stat.S_ISREG(status.st_mode) else None


def has_stamp(path: Path, stamp: Stamp | None) -> bool:
    """Return True if the file at `path` still has this stamp. Return False if it has changed or is missing."""
    try:
        return stamp == _stamp(os.stat(path))
    except OSError:
        return False


def open_file(folder: Path, path: Path) -> BufferedReader:
    """Open the file at `path` in `folder`. Raises RefusedFile or OSError.

    Repeats the checks of `scan`, because a symbolic link may have replaced the file after the scan.
    """
    return open(real_path(folder, path), "rb", opener=_open_regular)


def real_path(folder: Path, path: Path) -> Path:
    """Return the target of the symbolic link at `path` in `folder`, or `path` itself if it isn't a link.

    Raises RefusedFile or OSError.
    """
    return Path(_follow(os.path.realpath(folder), str(path))[0])


def read_bytes(folder: Path, path: Path, max_bytes: int = sys.maxsize) -> bytes:
    """Return the content of the file at `path` in `folder`. Raises RefusedFile, FileTooLarge or OSError."""
    with open_file(folder, path) as file:
        if os.fstat(file.fileno()).st_size > max_bytes or len(data := file.read()) > max_bytes:
            raise FileTooLarge
    return data


def _open_regular(path: str, flags: int) -> int:
    """Open a regular file. Refuse a link, a folder or a named pipe, and don't wait for a pipe's writer."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedFile("The site ignores paths that don't lead to a file")
    return descriptor


def display_path(folder: Path, path: Path) -> str:
    """Return `path` relative to the content folder's parent. Messages about problems show this path.

    Line breaks, and bytes that aren't UTF-8, are escaped. Otherwise they would break messages, or stop the program.
    """
    parent = os.path.join(os.path.dirname(folder), "")  # with strings, because Path.relative_to is slow
    text = os.fsencode(str(path).removeprefix(parent)).decode(errors="backslashreplace")
    return text if text.isprintable() else _CONTROL.sub(lambda match: repr(match[0])[1:-1], text)


def file_url(folder: Path, path: Path) -> str:
    return "/" + str(path).removeprefix(os.path.join(folder, ""))


def document_paths(folder: Path, stamps: Mapping[Path, Stamp]) -> list[Path]:
    kit = folder / KIT_FILE
    return [path for path, stamp in stamps.items() if path.suffix == ".md" and not stamp.refusal and path != kit]
