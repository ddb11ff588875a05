"""An entry of the manifest: the stored response of one path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from ..http.caching import digest
from ..http.negotiation import CODINGS, IDENTITY
from ..media import artifact_store
from .compression import QUICK_BROTLI, QUICK_GZIP, compress

Headers = tuple[tuple[str, str], ...]

# For bodies that were compressed quickly, the ending of the file name contains the quality of the compression.
_QUICK_NAMES = {"br": f"br{QUICK_BROTLI}", "gzip": f"gzip{QUICK_GZIP}"}


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """The stored response of a path.

    `digest` is the hash of the body, and `sizes` gives the body's length in bytes for each coding. `headers` are the
    headers that all codings share. `parameters` are the names of the query parameters that can change the response.
    Django answers requests with one of these parameters, because the entry doesn't apply to them.

    If the response is known to change at a certain time, `changes_at` is this time, in seconds since 1970. `changed_at`
    is the time of the last such change. If the clock is set back to a time before `changed_at`, the response is wrong.
    `is_quick` says that the body was compressed quickly, so the publisher will replace the compressed versions with
    smaller ones.
    """

    digest: str
    sizes: Mapping[str, int]
    headers: Headers
    parameters: tuple[str, ...]
    changes_at: float | None = None
    changed_at: float | None = None
    is_quick: bool = False

    def body_name(self, coding: str) -> str:
        """Return the ending of the body's file name. The ETag of a compressed body has the same ending.

        The ending is `coding`, such as `br`. If the body was compressed quickly, the quality follows: `br5`.
        """
        return _body_name(coding, is_quick=self.is_quick)

    def body_key(self, coding: str) -> str:
        """Return the artifact store's key for the body in `coding`."""
        return body_key(self.digest, self.body_name(coding))

    def body(self, coding: str) -> bytes | None:
        """Return the stored body, or None if its file is missing or damaged."""
        return artifact_store.read(self.body_key(coding))

    def is_same(self, other: Entry) -> bool:
        """Return whether both entries have the same fields."""
        return all(getattr(self, each.name) == getattr(other, each.name) for each in fields(self))

    def is_stored(self) -> bool:
        """Return True if the response's stored body can be read in each coding."""
        return all(self.body(coding) is not None for coding in self.sizes)


def _body_name(coding: str, *, is_quick: bool) -> str:
    """Return `coding`. If the body was compressed quickly, add the quality, as in `br5` (see `Entry.body_name`).

    The publisher later replaces a quickly compressed body with a smaller one. The strong ETag must then change
    (RFC 9110, 8.8.1). It consists of a digest, which stays the same, and this name. So the name must change.
    """
    return _QUICK_NAMES.get(coding, coding) if is_quick else coding


def body_key(digest: str, name: str) -> str:
    """Return a body's key in the artifact store. A key has no file extension, so visitors can't request the body."""
    return f"/pages/{digest[:2]}/{digest}-{name}"


def has_ranges(headers: Headers) -> bool:
    """Return whether clients may request a part of the body (RFC 9110, 14.3)."""
    return ("accept-ranges", "bytes") in headers


def store_response(
    existing: Entry | None,
    body: bytes,
    headers: Headers,
    parameters: tuple[str, ...],
    changes_at: float | None,
    changed_at: float | None,
    *,
    is_quick: bool,
) -> Entry:
    """Store a response, and return its entry. If `existing` is the entry of the same response, return `existing`.

    With `is_quick`, compress a new body quickly.
    """
    body_digest = digest(body)
    if "vary" not in dict(headers):  # without Vary, a cache could send a coding that the client doesn't accept
        headers = (*headers, ("vary", "Accept-Encoding"))
    if existing:
        same = Entry(body_digest, existing.sizes, headers, parameters, changes_at, changed_at, existing.is_quick)
        if same.is_same(existing) and existing.is_stored():
            return existing
    sizes, is_quick = store_body(body_digest, body, headers, is_quick=is_quick)
    return Entry(body_digest, sizes, headers, parameters, changes_at, changed_at, is_quick)


def store_body(
    body_digest: str, body: bytes, headers: Headers, *, is_quick: bool = False
) -> tuple[dict[str, int], bool]:
    """Store `body` as it is, and in each coding that makes it smaller.

    Return the size in bytes for each coding, and whether the body was compressed quickly. If the body is
    stored in all codings already, for example by a publisher that was killed, don't compress it again.

    Clients may request a part of a downloadable file. Compress such a file only if it is text, such as CSV. The other
    types, such as PDF and XLSX, are compressed formats.
    """
    for quick in (False, True) if is_quick else (False,):
        if sizes := _stored_sizes(body_digest, is_quick=quick):
            return sizes, quick
    is_text = dict(headers).get("content-type", "").startswith("text/")
    is_compressed = is_text or not has_ranges(headers)
    bodies = compress(body, is_quick=is_quick) if is_compressed else {IDENTITY: body}
    for coding, data in bodies.items():
        # Don't wait for the disk. If a power failure damages a body, the next publisher renders the response again.
        artifact_store.write(body_key(body_digest, _body_name(coding, is_quick=is_quick)), data, durable=False)
    return {coding: len(data) for coding, data in bodies.items()}, is_quick and "br" in bodies


def _stored_sizes(body_digest: str, *, is_quick: bool) -> dict[str, int] | None:
    """Return the stored body's size in each coding, or None if the body of any coding is missing or damaged."""
    sizes = {}
    for coding in CODINGS:
        key = body_key(body_digest, _body_name(coding, is_quick=is_quick))
        data = artifact_store.read(key) if artifact_store.exists(key) else None  # most bodies are new
        if data is None:
            return None
        sizes[coding] = len(data)
    return sizes
