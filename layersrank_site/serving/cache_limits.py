"""Limits how long caches may keep a stored response that is known to change at a certain time."""

from collections.abc import Callable
from time import time

from asgiref.typing import HTTPResponseStartEvent

from pages.http.caching import MAX_SECONDS, public

from .prepared_response import PreparedResponse


class CacheLimits:
    """Replaces Cache-Control in responses. Each response is changed at most once a second, not for each request."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self._second = 0
        self._limited: dict[tuple[int, float], tuple[PreparedResponse, PreparedResponse]] = {}

    def limit(self, response: PreparedResponse, changes_at: float) -> PreparedResponse | None:
        """Return `response` with a Cache-Control header that ends at the time `changes_at`.

        Return None if this time was over a second ago: then the publisher has not prebuilt the new response.
        """
        second = int(self._clock())
        left = changes_at - second - 1  # the header may be sent until the end of this second
        if left >= MAX_SECONDS:
            return response
        if left <= -2:
            return None
        if second != self._second:
            self._second, self._limited = second, {}
        key = id(response), changes_at
        if key not in self._limited:  # also stores `response`, so that no other response can get its ID
            header = public(left).encode()
            start, not_modified = _with_header(response.start, header), _with_header(response.not_modified, header)
            self._limited[key] = response, response._replace(start=start, not_modified=not_modified)
        return self._limited[key][1]


def _with_header(message: HTTPResponseStartEvent, cache_control: bytes) -> HTTPResponseStartEvent:
    headers = [(name, cache_control if name == b"cache-control" else value) for name, value in message["headers"]]
    return {**message, "headers": headers}
