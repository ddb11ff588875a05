"""Limits how long caches may keep a stored response that is known to change at a certain time."""

from asgiref.typing import HTTPResponseStartEvent

from pages.http.caching import MAX_SECONDS, public
from pages.publish.manifest import POLL_SECONDS

from .prepared_response import PreparedResponse

# If nothing was prebuilt for the time of a change, the old response is sent for at most this many seconds after it, and
# until the next poll. Together, both must take less than a second.
GRACE_SECONDS = 0.5


def limit_caching(response: PreparedResponse, seconds: float) -> PreparedResponse | None:
    """Return `response` with a Cache-Control header for a response that changes in `seconds`.

    The result may be sent until the next poll of the manifest. Return None if the change was over GRACE_SECONDS ago.
    """
    left = seconds - POLL_SECONDS
    if left >= MAX_SECONDS:
        return response
    if seconds <= -GRACE_SECONDS:
        return None
    header = public(left).encode()
    start, not_modified = _with_header(response.start, header), _with_header(response.not_modified, header)
    return response._replace(start=start, not_modified=not_modified)


def _with_header(message: HTTPResponseStartEvent, cache_control: bytes) -> HTTPResponseStartEvent:
    headers = [(name, cache_control if name == b"cache-control" else value) for name, value in message["headers"]]
    return {**message, "headers": headers}
