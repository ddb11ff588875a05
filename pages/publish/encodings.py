"""A body → what is sent of it, by content coding (RFC 9110, 8.4.1)."""

from __future__ import annotations

import gzip

import brotli

IDENTITY = "identity"

# The best first: of two that a visitor likes as much, the earlier one is sent.
CODINGS = ("br", "gzip", IDENTITY)


def encoded(body: bytes) -> dict[str, bytes]:
    """`body` by coding, as small as each makes it; without those that make it no smaller, as with images. Takes most of
    a tenth of a second for a page."""
    made = {"br": brotli.compress(body, quality=11), "gzip": gzip.compress(body, 9, mtime=0)}
    return {coding: data for coding, data in made.items() if len(data) < len(body)} | {IDENTITY: body}
