"""An entry of the manifest: the stored response of one path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..http.negotiation import IDENTITY
from ..media import artifact_store
from .compression import compress

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """The stored response of a path.

    `digest` is the hash of the body, and `sizes` gives the body's length in bytes for each coding. `headers` are the
    headers that all codings share. `parameters` are the names of the query parameters that the response depends on. The
    entry applies only to requests without these parameters. If the response is known to change at a certain time,
    `changes_at` is this time, in seconds since 1970. `changed_at` is the time of the response's last known change. If
    the clock is set back to a time before `changed_at`, the response is wrong.
    """

    digest: str
    sizes: Mapping[str, int]
    headers: Headers
    parameters: tuple[str, ...]
    changes_at: float | None = None
    changed_at: float | None = None

    def body(self, coding: str) -> bytes | None:
        """Return the stored body, or None if its file is missing or damaged."""
        return artifact_store.read(body_key(self.digest, coding))

    def is_same(self, digest: str, *values: object) -> bool:
        """Return whether the entry has this digest and these headers, parameters and times."""
        return (self.digest, self.headers, self.parameters, self.changes_at, self.changed_at) == (digest, *values)

    def is_stored(self) -> bool:
        """Return True if the bodies of all codings can be read."""
        return all(self.body(coding) is not None for coding in self.sizes)


def body_key(digest: str, coding: str) -> str:
    """Return a body's key in the artifact store. A key has no file extension, so visitors can't request the body."""
    return f"/pages/{digest[:2]}/{digest}-{coding}"


def has_ranges(headers: Headers) -> bool:
    """Return whether clients may request a part of the body (RFC 9110, 14.3)."""
    return ("accept-ranges", "bytes") in headers


def store_body(body_digest: str, body: bytes, headers: Headers) -> dict[str, int]:
    """Store `body` as it is, and in each coding that makes it smaller. Return the size in bytes for each coding.

    If clients may request a part of the body, compress the body only if it is text, because other files are compressed
    already.
    """
    is_text = dict(headers).get("content-type", "").startswith("text/")
    compressed = compress(body) if is_text or not has_ranges(headers) else {IDENTITY: body}
    for coding, data in compressed.items():
        artifact_store.write(body_key(body_digest, coding), data)
    return {coding: len(data) for coding, data in compressed.items()}
