"""A body → what is sent of it, by content coding (RFC 9110, 8.4.1)."""

from __future__ import annotations

import gzip

import brotli

IDENTITY = "identity"

# Bytes from which brotli's best takes seconds, and an edit would wait for it. Its 9 takes a hundredth of that, for a
# tenth more of a list of ten thousand pages.
LARGE = 250_000

# The best first: of two that a visitor likes as much, the earlier one is sent.
CODINGS = ("br", "gzip", IDENTITY)


def compress(body: bytes) -> dict[str, bytes]:
    """`body` by coding, as small as each makes it; without those that make it no smaller, as with images. Takes most of
    a tenth of a second for a page."""
    quality = 9 if len(body) > LARGE else 11
    made = {"br": brotli.compress(body, quality=quality), "gzip": gzip.compress(body, 9, mtime=0)}
    return {coding: data for coding, data in made.items() if len(data) < len(body)} | {IDENTITY: body}
