"""Stores parsed pages in files. Loading a page takes a twentieth of the time that parsing its document takes."""

from __future__ import annotations

import pickle
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from zlib import compress, decompress

from .. import sealed_files
from .document import Page

_DIGEST_BYTES = 16


class StoredPage(NamedTuple):
    """A page that was stored in a file in `folder`.

    `digest` is the hash of what was stored. If the file has another hash now, the page isn't loaded.
    """

    folder: Path
    digest: bytes

    def load(self, document_path: str) -> Page | None:
        """Return the page of the document at `document_path`.

        Return None if the page's file is missing or damaged, or if a newer version has replaced it.
        """
        try:
            data = sealed_files.read(_file(self.folder, document_path))
        except (OSError, sealed_files.Damaged):
            return None
        if _hash(data) != self.digest:
            return None
        # Unpickling this file is safe: an attacker who can write it can change the site anyway.
        page: Page = pickle.loads(decompress(data))  # noqa: S301
        return page


def store(page: Page, folder: Path) -> StoredPage | None:
    """Write `page` to its file in `folder`, in place of an older version. Return None if the disk is full."""
    # Compute these edits now, so that they are stored too. To compute them later, the site would parse the document.
    _ = page.omissions
    data = compress(pickle.dumps(page, pickle.HIGHEST_PROTOCOL), 1)
    try:
        sealed_files.write(_file(folder, page.path), data)
    except OSError:
        return None
    return StoredPage(folder, _hash(data))


def _file(folder: Path, document_path: str) -> Path:
    return folder / _hash(document_path.encode()).hex()


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()
