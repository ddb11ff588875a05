"""A stored response, ready to be sent."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from asgiref.typing import HTTPResponseBodyEvent, HTTPResponseStartEvent

from pages.http.negotiation import IDENTITY, entity_tag
from pages.publish.manifest_entry import Entry

# A 304 omits these headers and Link: the client's cached response has them (RFC 9110, 15.4.5).
_BODY_HEADERS = (b"content-type", b"content-encoding", b"content-length")

# A 412 response omits all of these headers, because it doesn't describe a page.
PAGE_HEADERS = (*_BODY_HEADERS, b"cache-control", b"content-location", b"etag", b"link", b"vary")


NO_BODY: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}


class JoinedHeaders(tuple[tuple[bytes, bytes], ...]):
    """The headers of a stored response.

    `joined` contains all of these headers as bytes, in the format of HTTP/1.1. The worker sends `joined` for each
    request, without checking and joining the headers again (`Cycle` in gunicorn.conf.py).

    This class is a tuple, because a tuple can't change: `joined` always has the same headers as the tuple. Code that
    adds a header has to make a list. A list has no `joined`, so the worker checks and joins the list's headers.
    """

    joined: bytes
    content_length: int

    def __new__(cls, headers: Iterable[tuple[bytes, bytes]], content_length: int) -> Self:
        joined_headers = super().__new__(cls, (*headers, (b"content-length", b"%d" % content_length)))
        joined_headers.joined = b"".join(b"%b: %b\r\n" % header for header in joined_headers) + b"\r\n"
        joined_headers.content_length = content_length
        return joined_headers


class PreparedResponse(NamedTuple):
    """The ASGI messages for one manifest entry in one content coding, such as gzip."""

    etag: str
    start: HTTPResponseStartEvent
    body: HTTPResponseBodyEvent
    not_modified: HTTPResponseStartEvent
    precondition_failed: HTTPResponseStartEvent


def prepare(entry: Entry, coding: str, body: bytes) -> PreparedResponse:
    """Return the ASGI messages that send `entry`. `body` is the entry's body in `coding`."""
    etag = entity_tag(entry.digest, entry.body_name(coding))
    headers = [(name.encode(), value.encode("latin-1")) for name, value in entry.headers]
    headers.append((b"etag", etag.encode()))
    not_modified_headers = [(name, value) for name, value in headers if name not in (*_BODY_HEADERS, b"link")]
    failed_headers = [(name, value) for name, value in headers if name not in PAGE_HEADERS]
    if coding != IDENTITY:
        headers.append((b"content-encoding", coding.encode()))
    sent_headers = JoinedHeaders(headers, len(body))
    return PreparedResponse(
        etag,
        {"type": "http.response.start", "status": 200, "headers": sent_headers, "trailers": False},
        {"type": "http.response.body", "body": body, "more_body": False},
        {"type": "http.response.start", "status": 304, "headers": not_modified_headers, "trailers": False},
        {
            "type": "http.response.start",
            "status": 412,
            "headers": [*failed_headers, (b"content-length", b"0")],
            "trailers": False,
        },
    )
