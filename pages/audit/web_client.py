"""HTTP requests to any site, with limits on time and bytes. The client follows no redirects and uses no proxy."""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri

from .absolute_urls import absolute_url

# The longest time from a request to the end of its answer.
DEADLINE_SECONDS = 20
MAX_PAUSE_SECONDS = 1
# The longest answer, in bytes. Longer answers are cut off. No page needs so many bytes.
MAX_BYTES = 6 * 1024 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
# The client reads only bodies of these types. Files to download may be large, and their status is enough.
_READ_TYPES = ("text/", "image/", "application/json", "application/manifest+json", "application/xml")


@dataclass(frozen=True)
class Answer:
    """A server's answer to one request. Names of headers are lowercase. `body` is decompressed.

    Without an answer, `status` is 0, and `error` says why. `seconds` is the time that the request took.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0
    error: str = ""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_redirect(self) -> bool:
        return self.status in REDIRECTS and "location" in self.headers

    @property
    def target(self) -> str:
        """The absolute URL that a redirect leads to, or "" if the URL is not valid."""
        return absolute_url(self.url, self.headers.get("location", ""))

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    @property
    def what(self) -> str:
        """The status as a part of a sentence, such as “404” or “no answer (timed out)”."""
        return str(self.status) if self.status else f"no answer ({self.error})"


class WebClient:
    """Sends requests as `user_agent`, and waits after each.

    The wait is as long as the request was, so the client takes at most half of a slow server's time. `max_pause` limits
    the wait, and `deadline` limits the time for one request. Both are in seconds.
    """

    def __init__(
        self, user_agent: str, deadline: float = DEADLINE_SECONDS, max_pause: float = MAX_PAUSE_SECONDS
    ) -> None:
        self._user_agent, self._deadline, self._max_pause = user_agent, deadline, max_pause

    def request(self, url: str, method: str = "GET") -> Answer:
        """Return the answer to a request for `url`. Never raise for a wrong URL or a failed connection."""
        answer = self._request(url, method)
        time.sleep(min(answer.seconds, self._max_pause))
        return answer

    def _request(self, url: str, method: str) -> Answer:
        start = time.monotonic()
        try:
            status, headers, body = self._exchange(url, method)
        except (OSError, HTTPException, ValueError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            if time.monotonic() - start >= self._deadline:
                reason = "timed out"
            return Answer(url, 0, seconds=time.monotonic() - start, error=reason)
        if time.monotonic() - start >= self._deadline:  # the body is incomplete
            return Answer(url, 0, seconds=time.monotonic() - start, error="timed out")
        return Answer(url, status, headers, body, time.monotonic() - start)

    def _exchange(self, url: str, method: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("this is not the URL of a website")
        connection_class = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = connection_class(parts.hostname, parts.port, timeout=self._deadline)
        start = time.monotonic()
        connection.connect()
        # Pass the socket itself: `getresponse` sets `connection.sock` to None if the server will close the connection.
        left = max(0.0, self._deadline - (time.monotonic() - start))
        timer = Timer(left, _shut_down, (connection.sock,))
        timer.daemon = True
        timer.start()
        try:
            target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
            headers = {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
            connection.request(method, target, headers=headers)
            response = connection.getresponse()
            # Servers may send a header several times. Commas join the values (RFC 9110, 5.3).
            names = {name.lower() for name in response.headers}
            received = {name: ", ".join(response.headers.get_all(name, [])) for name in names}
            return response.status, received, _read_body(response, received)
        finally:
            timer.cancel()
            connection.close()


def _shut_down(connected: socket.socket) -> None:
    """End a request that takes too long. A timeout of the socket would begin again with each received byte."""
    with suppress(OSError):  # the socket may be closed already
        connected.shutdown(socket.SHUT_RDWR)


def _read_body(response: HTTPResponse, headers: Mapping[str, str]) -> bytes:
    content_type = headers.get("content-type", "text/").lower()
    if not content_type.startswith(_READ_TYPES) and "+xml" not in content_type:
        return b""
    raw = response.read(MAX_BYTES)
    if headers.get("content-encoding", "").lower() == "gzip" and raw:
        return zlib.decompressobj(wbits=31).decompress(raw, MAX_BYTES)  # 31: gzip
    return raw
