"""ASGI application in front of Django that sends prerendered pages from memory.

The front sends compressed copies of the responses that Django rendered. The front passes a request to Django if no
response is stored for the path, the host isn't the site's, the method isn't GET or HEAD, or the page reads a parameter
of the query.
A page with a form is never stored, but its Markdown version is.

The front ignores preconditions with dates, because pages have no Last-Modified. The front answers Range only for files.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    HTTPScope,
    Scope,
)

from pages.content.markdown_paths import markdown_path, page_path
from pages.http.negotiation import acceptable_codings, if_match_holds, matching_etag, prefers_markdown
from pages.publish.manifest import ManifestReader
from pages.publish.manifest_entry import Entry, has_ranges

from .cache_limits import limit_caching
from .host_check import is_allowed
from .lifespan import handle_lifespan
from .partial_response import select_range
from .prepared_response import NO_BODY, PreparedResponse, prepare

K = TypeVar("K")
T = TypeVar("T")

# Each worker keeps at most this many bytes of response bodies in memory. The operating system caches the rest.
CACHE_BYTES = 64 * 1024 * 1024

# The maximum number and length of the cached Host, Accept and Accept-Encoding values. Without these limits, clients
# could fill the memory with new values. Each cache holds at most two megabytes of values. A value longer than
# MAX_VALUE_BYTES is neither parsed nor cached. Browsers send much shorter values.
CACHED_HEADER_VALUES = 1_000
MAX_VALUE_BYTES = 1_000

# A body larger than this is sent in chunks, so that a slow client doesn't make the server buffer the whole body.
CHUNK_BYTES = 256 * 1024

METHODS = frozenset({"GET", "HEAD"})

# The request headers that this module reads.
HEADERS = frozenset({b"host", b"accept", b"accept-encoding", b"if-none-match", b"if-match", b"range", b"if-range"})


class Front:
    """Sends published pages from memory, and passes all other requests to `django`.

    `record_unpublished` is called with each path whose stored body is damaged or missing. It is also called with each
    path that isn't in the manifest but that Django answers with 200. `status_counts` counts the stored responses that
    were sent, by status.
    """

    def __init__(
        self,
        django: ASGI3Application,
        manifest: ManifestReader,
        allowed_hosts: Sequence[str],
        record_unpublished: Callable[[str], None] = lambda path: None,
        status_counts: Counter[int] | None = None,
    ) -> None:
        self._django = django
        self._manifest = manifest
        self._allowed_hosts = allowed_hosts
        self._record_unpublished = record_unpublished
        self._status_counts = Counter() if status_counts is None else status_counts
        self._hosts: dict[bytes | None, bool] = {}
        self._codings: dict[bytes | None, list[str]] = {}
        self._html_accepts: dict[bytes, None] = {}  # the Accept values without the word “markdown”
        self._markdown: dict[tuple[Entry, bytes, str], bool] = {}  # whether the client prefers the Markdown version
        self._prepared: dict[tuple[Entry, str], PreparedResponse] = {}
        self._prepared_bytes = 0
        # The responses in `_prepared`, keyed by raw header values. Most requests repeat known values, which need no
        # parsing.
        self._by_headers: dict[tuple[Entry, bytes | None, bytes | None], PreparedResponse] = {}
        # Like `_by_headers`, but only for responses with a planned change. Their Cache-Control changes with each
        # poll of the manifest, so each poll empties this dict.
        self._limited: dict[tuple[Entry, bytes | None, bytes | None], PreparedResponse] = {}
        self._limited_at = 0.0

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            response = self.find_response(scope)
            if response is None:
                await self._django(scope, receive, self._recording(scope, send))
            else:
                start, body = response
                self._status_counts[start["status"]] += 1
                await send(start)
                if len(body["body"]) > CHUNK_BYTES:
                    await _send_in_chunks(body["body"], send)
                else:
                    await send(body)
        elif scope["type"] == "lifespan":
            await handle_lifespan(receive, send)

    def _recording(self, scope: HTTPScope, send: ASGISendCallable) -> ASGISendCallable:
        """Wrap `send`. If the response may be a page that isn't published yet, the wrapper records the path."""
        path = scope["path"]
        if scope["method"] != "GET" or self._manifest.get(path) is not None:
            return send

        async def send_and_record(message: ASGISendEvent) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                self._record_unpublished(path)
            await send(message)

        return send_and_record

    def find_response(self, scope: HTTPScope) -> tuple[HTTPResponseStartEvent, HTTPResponseBodyEvent] | None:
        """Return the two ASGI messages of the response, or None if Django has to answer."""
        path, method = scope["path"], scope["method"]
        entry = self._manifest.get(path)
        is_form = entry is None and not scope["query_string"] and page_path(markdown_path(path)) == path
        if is_form:
            path = markdown_path(path)
            entry = self._manifest.get(path)
        if (
            entry is None
            or method not in METHODS
            or (entry.parameters and _has_parameter(scope["query_string"], entry.parameters))
        ):
            return None
        host = accept = accept_encoding = if_none_match = if_match = byte_range = if_range = None
        for name, value in scope["headers"]:
            if name not in HEADERS:
                continue
            if name == b"host":
                if host is not None:
                    return None
                host = value
            elif name == b"accept-encoding":
                accept_encoding = value if accept_encoding is None else _combine(accept_encoding, value)
            elif name == b"accept":
                accept = value if accept is None else _combine(accept, value)
            elif name == b"if-none-match":
                if_none_match = value if if_none_match is None else _combine(if_none_match, value)
            elif name == b"range":
                byte_range = value
            elif name == b"if-range":
                if_range = value
            else:
                if_match = value if if_match is None else _combine(if_match, value)
        # Browsers don't ask for Markdown, and most send one of a few Accept values. Looking up a value is faster than
        # searching it for “markdown”.
        if is_form:
            if accept is None or not self._prefers_markdown(entry, accept, "text/markdown"):
                return None
        elif accept is not None and accept not in self._html_accepts and self._prefers_markdown(entry, accept):
            path = markdown_path(path)
            if (entry := self._manifest.get(path)) is None:
                return None
        prepared = self._cache_of(entry).get((entry, host, accept_encoding)) or self._select(
            path, entry, host, accept_encoding
        )
        if prepared is None:
            return None
        if if_match is not None:
            if len(if_match) > MAX_VALUE_BYTES:
                return None
            if not if_match_holds(if_match.decode("latin-1"), prepared.etag):
                return prepared.precondition_failed, NO_BODY
        if (
            if_none_match is not None
            and len(if_none_match) <= MAX_VALUE_BYTES
            and matching_etag(if_none_match.decode("latin-1"), prepared.etag)
        ):
            return prepared.not_modified, NO_BODY
        if method != "GET":
            return prepared.start, NO_BODY
        if byte_range is not None and has_ranges(entry.headers) and if_range in (None, prepared.etag.encode()):
            return select_range(prepared, byte_range) or (prepared.start, prepared.body)
        return prepared.start, prepared.body

    def _select(
        self, path: str, entry: Entry, host: bytes | None, accept_encoding: bytes | None
    ) -> PreparedResponse | None:
        """Return the response in the client's preferred coding, or None for a foreign host or an unreadable body."""
        if host is not None and len(host) > MAX_VALUE_BYTES:
            return None
        if accept_encoding is not None and len(accept_encoding) > MAX_VALUE_BYTES:
            accept_encoding = None
        is_allowed, codings = self._hosts.get(host), self._codings.get(accept_encoding)
        if is_allowed is None:
            is_allowed = self._check_host(host)
        if codings is None:
            codings = self._parse_codings(accept_encoding)
        if not is_allowed:
            return None
        coding = next(coding for coding in codings if coding in entry.sizes)
        prepared = self._prepared.get((entry, coding)) or self._load(path, entry, coding)
        if prepared is not None and entry.changes_at is not None:
            prepared = limit_caching(prepared, entry.changes_at - self._manifest.polled_at)
        if prepared is not None:
            _cache(self._cache_of(entry), (entry, host, accept_encoding), prepared)
        return prepared

    def _prefers_markdown(self, entry: Entry, accept: bytes, content_type: str = "text/html") -> bool:
        """Return True if the client prefers Markdown, and `entry` is a page's version with this content type.

        Pages have an HTML version and a Markdown version. Only these responses vary with Accept
        (`pages.http.markdown_version`).
        """
        if b"markdown" not in accept.lower():
            if len(accept) <= MAX_VALUE_BYTES:
                _cache(self._html_accepts, accept, None)
            return False
        key = (entry, accept, content_type)
        known = self._markdown.get(key)
        if known is not None or len(accept) > MAX_VALUE_BYTES:
            return bool(known)
        headers = dict(entry.headers)
        is_version = headers.get("vary", "").startswith("Accept,") and headers["content-type"].startswith(content_type)
        return _cache(self._markdown, key, is_version and prefers_markdown(accept.decode("latin-1")))

    def _cache_of(self, entry: Entry) -> dict[tuple[Entry, bytes | None, bytes | None], PreparedResponse]:
        if entry.changes_at is None:
            return self._by_headers
        if self._limited_at != self._manifest.polled_at:
            self._limited, self._limited_at = {}, self._manifest.polled_at
        return self._limited

    def _check_host(self, host: bytes | None) -> bool:
        return _cache(self._hosts, host, host is not None and is_allowed(host, self._allowed_hosts))

    def _parse_codings(self, accept_encoding: bytes | None) -> list[str]:
        return _cache(self._codings, accept_encoding, acceptable_codings((accept_encoding or b"").decode("latin-1")))

    def _load(self, path: str, entry: Entry, coding: str) -> PreparedResponse | None:
        body = entry.body(coding)
        if body is None:
            self._record_unpublished(path)
            return None
        prepared = prepare(entry, coding, body)
        while self._prepared and self._prepared_bytes + len(body) > CACHE_BYTES:
            oldest = self._prepared.pop(next(iter(self._prepared)))
            self._prepared_bytes -= len(oldest.body["body"])
            self._by_headers.clear()  # otherwise this cache would keep the removed body in memory
            self._limited.clear()
        self._prepared[entry, coding] = prepared
        self._prepared_bytes += len(body)
        return prepared


async def _send_in_chunks(body: bytes, send: ASGISendCallable) -> None:
    for start in range(0, len(body), CHUNK_BYTES):
        end = start + CHUNK_BYTES
        await send({"type": "http.response.body", "body": body[start:end], "more_body": end < len(body)})


def _has_parameter(query: bytes, parameters: Sequence[str]) -> bool:
    """Return True if `query` has one of `parameters`, or has a percent-encoded name, which only Django decodes."""
    names = {part.partition(b"=")[0] for part in query.split(b"&")}
    return any(b"%" in name or name.decode("latin-1") in parameters for name in names)


def _combine(combined: bytes, value: bytes) -> bytes:
    """Append another value of the same header to `combined`, unless `combined` is already too long."""
    return b"%b,%b" % (combined, value) if len(combined) <= MAX_VALUE_BYTES else combined


def _cache(values: dict[K, T], key: K, value: T) -> T:
    if len(values) >= CACHED_HEADER_VALUES:
        values.clear()
    values[key] = value
    return value
