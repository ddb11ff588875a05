"""Limits how long caches may keep a stored response that is known to change at a certain time."""

from asgiref.typing import HTTPResponseStartEvent

from pages.http.caching import MAX_SECONDS, public
from pages.publish.manifest import POLL_SECONDS

from .prepared_response import PreparedResponse

# If the publisher hasn't prebuilt the new response in time, the site still sends the old response for this many seconds
# after the change. A worker may reuse the old response even longer, until its next poll of the manifest. Visitors
# must see the change within a second, so GRACE_SECONDS + POLL_SECONDS must be less than a second.
GRACE_SECONDS = 0.5


def limit_caching(response: PreparedResponse, seconds: float) -> PreparedResponse | None:
    """Return `response` with a shorter lifetime in its Cache-Control header if the response will change soon.

    Return None if the change was at least GRACE_SECONDS ago. `seconds` is the time until the change, and is negative
    after the change. The caller may reuse the result until the next poll of the manifest.
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
