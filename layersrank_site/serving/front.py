"""The ASGI application in front of Django: it answers for what is published, from bytes that were made ahead.

It answers exactly what Django would, compressed, or leaves the request to Django: other methods, hosts that may not be
the site's, queries that a page reads, preconditions that few send, and all that is not in the table.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.http.request import split_domain_port, validate_host

from pages.publish.compression import CODINGS, IDENTITY
from pages.publish.manifest import Entry, ManifestReader

from .negotiation import etag_matches, preferred_codings

K = TypeVar("K")
T = TypeVar("T")

Message = dict[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]

CACHE_BYTES = 64 * 1024 * 1024  # of bodies in a worker's memory; the system keeps files in its own
CACHED_HEADER_VALUES = 1_000  # of hosts and codings that were looked at: visitors choose what they send

ANSWERED = frozenset({"GET", "HEAD"})

# The headers that are looked at. With one of the last two Django answers: next to nobody sends them.
READ = frozenset({b"host", b"accept-encoding", b"if-none-match", b"if-match", b"if-unmodified-since"})

# A 304 has none of these: whoever asks has them (RFC 9110, 15.4.5).
_OF_A_BODY = (b"content-type", b"content-encoding", b"content-length", b"speculation-rules")

_NO_BODY = {"type": "http.response.body", "body": b""}


class PreparedResponse(NamedTuple):
    """An entry in one coding, as the messages that the server is sent."""

    etag: str
    start: Message
    body: Message
    unchanged: Message


class Front:
    """`note` is told of each address that Django answers at, though it is not in the table."""

    def __init__(
        self,
        django: Application,
        published: ManifestReader,
        allowed_hosts: Sequence[str],
        note: Callable[[str], None] = lambda path: None,
    ) -> None:
        self._record = note
        self._django = django
        self._published = published
        self._allowed_hosts = allowed_hosts
        self._hosts: dict[bytes | None, bool] = {}
        self._codings: dict[bytes | None, list[str]] = {}
        self._ready: dict[tuple[Entry, str], PreparedResponse] = {}
        # What was found for those who asked for the same entry in the same way: most do.
        self._found: dict[tuple[Entry, bytes | None, bytes | None], PreparedResponse] = {}
        self._ready_bytes = 0

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            answer = self.answer(scope)
            if answer is None:
                await self._django(scope, receive, self._record_unpublished(scope, send))
            else:
                start, body = answer
                await send(start)
                await send(body)
        elif scope["type"] == "lifespan":
            await _handle_lifespan(receive, send)

    def _record_unpublished(self, scope: Message, send: Any) -> Any:
        """`send`, which notes what may be a page that is still to be published."""
        path = scope["path"]
        if scope["method"] != "GET" or self._published.get(path) is not None:
            return send

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                self._record(path)
            await send(message)

        return noting

    def answer(self, scope: Message) -> tuple[Message, Message] | None:
        """Both messages of the answer; None where it is Django's to give."""
        entry = self._published.get(scope["path"])
        method = scope["method"]
        if entry is None or method not in ANSWERED or (entry.reads_query and scope["query_string"]):
            return None
        host = accepted = known = None
        for name, value in scope["headers"]:
            if name not in READ:
                continue
            if name == b"host":
                if host is not None:
                    return None
                host = value
            elif name == b"accept-encoding":
                accepted = value if accepted is None else b"%b,%b" % (accepted, value)
            elif name == b"if-none-match":
                known = value if known is None else b"%b,%b" % (known, value)
            else:
                return None
        ready = self._found.get((entry, host, accepted)) or self._find(entry, host, accepted)
        if ready is None:
            return None
        if known is not None and etag_matches(known.decode("latin-1"), ready.etag):
            return ready.unchanged, _NO_BODY
        return ready.start, ready.body if method == "GET" else _NO_BODY

    def _find(self, entry: Entry, host: bytes | None, accepted: bytes | None) -> PreparedResponse | None:
        """None where the host is not the site's, or the body is not there to be read."""
        ours, liked = self._hosts.get(host), self._codings.get(accepted)
        if ours is None:
            ours = self._remember_host(host)
        if liked is None:
            liked = self._remember_codings(accepted)
        if not ours:
            return None
        coding = next(coding for coding in liked if coding in entry.sizes)
        ready = self._ready.get((entry, coding)) or self._read(entry, coding)
        if ready is not None:
            _remember(self._found, (entry, host, accepted), ready)
        return ready

    def _remember_host(self, host: bytes | None) -> bool:
        """Whether `host` is one of the site's, as Django decides it."""
        domain, _ = split_domain_port(host.decode("latin-1")) if host else ("", "")
        return _remember(self._hosts, host, bool(domain) and validate_host(domain, self._allowed_hosts))

    def _remember_codings(self, accepted: bytes | None) -> list[str]:
        """The codings that are accepted, most liked first; where all are refused, one is sent nevertheless, as Django
        would. The last is always one that every body has."""
        liked = preferred_codings((accepted or b"").decode("latin-1"), CODINGS)
        return _remember(self._codings, accepted, [*liked, IDENTITY])

    def _read(self, entry: Entry, coding: str) -> PreparedResponse | None:
        body = entry.body(coding)
        if body is None:
            return None
        ready = _prepare(entry, coding, body)
        while self._ready and self._ready_bytes + len(body) > CACHE_BYTES:
            oldest = self._ready.pop(next(iter(self._ready)))
            self._ready_bytes -= len(oldest.body["body"])
            self._found.clear()  # what is put away is to be so altogether
        self._ready[entry, coding] = ready
        self._ready_bytes += len(body)
        return ready


def _prepare(entry: Entry, coding: str, body: bytes) -> PreparedResponse:
    etag = f'"{entry.digest}"' if coding == IDENTITY else f'"{entry.digest}-{coding}"'
    headers = [(name.encode(), value.encode("latin-1")) for name, value in entry.headers]
    headers.append((b"etag", etag.encode()))
    short = [(name, value) for name, value in headers if name not in _OF_A_BODY]
    if coding != IDENTITY:
        headers.append((b"content-encoding", coding.encode()))
    headers.append((b"content-length", b"%d" % len(body)))
    return PreparedResponse(
        etag,
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": body},
        {"type": "http.response.start", "status": 304, "headers": short},
    )


def _remember(words: dict[K, T], word: K, value: T) -> T:
    if len(words) >= CACHED_HEADER_VALUES:
        words.clear()
    words[word] = value
    return value


async def _handle_lifespan(receive: Any, send: Any) -> None:
    """Nothing begins or ends with the server (https://asgi.readthedocs.io/en/latest/specs/lifespan.html)."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
