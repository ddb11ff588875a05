"""Answers to requests for a part of a file (RFC 9110, 14)."""

from asgiref.typing import HTTPResponseBodyEvent, HTTPResponseStartEvent

from pages.http.byte_ranges import requested_range

from .prepared_response import NO_BODY, PAGE_HEADERS, PreparedResponse


def select_range(
    prepared: PreparedResponse, value: bytes
) -> tuple[HTTPResponseStartEvent, HTTPResponseBodyEvent] | None:
    """Return the part of the body that a Range header requests, or None to send the whole body.

    A compressed body is sent whole, because a client can't decompress a part of it.
    """
    body = prepared.body["body"]
    is_compressed = any(name == b"content-encoding" for name, _ in prepared.start["headers"])
    part = None if is_compressed else requested_range(value.decode("latin-1"), len(body))
    if part is None:
        return None
    headers = [(name, content) for name, content in prepared.start["headers"] if name != b"content-length"]
    if not part:
        failed = [(name, content) for name, content in headers if name not in PAGE_HEADERS]
        failed += [(b"content-range", b"bytes */%d" % len(body)), (b"content-length", b"0")]
        return {"type": "http.response.start", "status": 416, "headers": failed, "trailers": False}, NO_BODY
    headers.append((b"content-range", b"bytes %d-%d/%d" % (part.start, part.stop - 1, len(body))))
    headers.append((b"content-length", b"%d" % len(part)))
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": 206,
        "headers": headers,
        "trailers": False,
    }
    return start, {"type": "http.response.body", "body": body[part.start : part.stop], "more_body": False}
