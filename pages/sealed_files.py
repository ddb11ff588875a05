"""Files that end with a digest, so that a reader never uses a damaged file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Protocol

from . import atomic_files

# The digest detects accidents, not attacks: anyone who can write these files can also change the site.
DIGEST_BYTES = 16
_BLOCK = 1024 * 1024


class Damaged(Exception):
    """The file was truncated or overwritten after it was written, for example by a failing disk."""


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...


class _SealingWriter:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = blake2b(digest_size=DIGEST_BYTES)

    def write(self, data: bytes, /) -> None:
        self.hash.update(data)
        self._file.write(data)


@contextmanager
def replace(path: Path, *, durable: bool = True) -> Iterator[Writer]:
    """Open a new file that replaces the file at `path` when the `with` block ends.

    See `atomic_files.replace_file`.
    """
    with atomic_files.replace_file(path, durable=durable) as file:
        writer = _SealingWriter(file)
        yield writer
        file.write(writer.hash.digest())


def write(path: Path, data: bytes) -> None:
    """Replace the file at `path` quickly. A power failure may damage the file (see `atomic_files.write_file`)."""
    atomic_files.write_file(path, seal(data))


def read(path: Path) -> bytes:
    """Return the content of a sealed file. Raises Damaged, or OSError if there is no such file."""
    return unseal(path.read_bytes())


def seal(data: bytes) -> bytes:
    """Return `data` with a digest at the end."""
    return data + blake2b(data, digest_size=DIGEST_BYTES).digest()


def unseal(sealed: bytes) -> bytes:
    """Return sealed data without the digest. Raises Damaged."""
    data, digest = sealed[:-DIGEST_BYTES], sealed[-DIGEST_BYTES:]
    if blake2b(data, digest_size=DIGEST_BYTES).digest() != digest:
        raise Damaged
    return data


def check(file: IO[bytes]) -> None:
    """Raise Damaged if the open sealed file is damaged. Use this function for files that are too large for `read`.

    Afterward, the file's position is at the start.
    """
    size = file.seek(0, 2) - DIGEST_BYTES
    file.seek(0)
    hashed = blake2b(digest_size=DIGEST_BYTES)
    for start in range(0, size, _BLOCK):
        hashed.update(file.read(min(_BLOCK, size - start)))
    if hashed.digest() != file.read(DIGEST_BYTES):
        raise Damaged(file.name)
    file.seek(0)
