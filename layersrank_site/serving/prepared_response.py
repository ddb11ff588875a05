"""A stored response, ready to be sent."""

from typing import NamedTuple

from asgiref.typing import HTTPResponseBodyEvent, HTTPResponseStartEvent


class PreparedResponse(NamedTuple):
    """The ASGI messages for one manifest entry in one content coding, such as gzip."""

    etag: str
    start: HTTPResponseStartEvent
    body: HTTPResponseBodyEvent
    not_modified: HTTPResponseStartEvent
    precondition_failed: HTTPResponseStartEvent
