"""Byte ranges (RFC 9110, 14)."""

from __future__ import annotations

import re

# A single range of bytes: "bytes=0-499", "bytes=500-" or "bytes=-500". Requests for several ranges get the whole file.
# A number with more than 18 digits doesn't match: Python refuses to parse numbers with thousands of digits.
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


def requested_range(value: str, size: int) -> range | None:
    """Return the bytes that the Range header `value` requests from `size` bytes.

    Return an empty range if there are no such bytes, or None if the whole file is requested. An empty file is always
    sent whole, because no Content-Range could describe its bytes.
    """
    match = _RANGE.fullmatch(value) if size else None
    if match is None:
        return None
    first, last, length = match.groups()
    if length is not None:
        return range(max(size - int(length), 0), size)
    if last and int(last) < int(first):
        return None  # invalid (RFC 9110, 14.1.1)
    return range(min(int(first), size), min(int(last) + 1, size) if last else size)
