"""Those who are told of leads: a mail server and a webhook's receiver, which write down what reached them and when."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ..conftest import free_port

SECRET = "whsec_" + base64.b64encode(b"what the receiver and the site both know").decode()


@dataclass(frozen=True)
class Arrival:
    """`identity` is the Message-ID or the webhook-id; `to` is empty of a webhook. `text` is what came, whole."""

    identity: str
    to: str
    text: str


class Peer:
    """`seconds` is how long it takes over one message. `overlaps` counts messages that came in while the same one was
    still coming in, and `most` is how many came in at once."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.seconds, self.overlaps, self.most = 0.0, 0, 0
        self._coming: Counter[str] = Counter()
        self._lock = Lock()

    @property
    def copies(self) -> Counter[str]:
        """How often each message came, by its identity."""
        return Counter(arrival.identity for arrival in list(self.arrivals))

    @property
    def duplicates(self) -> int:
        return sum(self.copies.values()) - len(self.copies)

    @contextmanager
    def _taking(self, arrival: Arrival) -> Iterator[None]:
        """A message is taken when this ends without an exception."""
        with self._lock:
            self.overlaps += self._coming[arrival.identity]
            self._coming[arrival.identity] += 1
            self.most = max(self.most, self._coming.total())
        try:
            yield
            with self._lock:
                self.arrivals.append(arrival)
        finally:
            with self._lock:
                self._coming[arrival.identity] -= 1


class Sink(Peer):
    """A mail server that takes everything. While `hanging` is set it keeps a mail that has come, and says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.hanging, self.hung = Event(), 0
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        text = bytes(envelope.content or b"").decode()
        identity = message_from_bytes(text.encode())["Message-ID"]
        with self._taking(Arrival(identity, envelope.rcpt_tos[0], text)):
            self.hung += self.hanging.is_set()
            while self.hanging.is_set():
                await asyncio.sleep(0.05)
            await asyncio.sleep(self.seconds)
        return "250 taken"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        return "221 bye"


class Receiver(Peer):
    """Takes what is signed with SECRET as https://www.standardwebhooks.com says, and counts what is not."""

    def __init__(self) -> None:
        super().__init__()
        self.unsigned = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/leads"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, identity: str, stamp: str, signature: str, body: bytes) -> int:
        """The status to answer with."""
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        expected = hmac.new(key, f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
        if signature != "v1," + base64.b64encode(expected).decode() or abs(time.time() - int(stamp)) > 300:
            self.unsigned += 1
            return 401
        with self._taking(Arrival(identity, "", body.decode())):
            time.sleep(self.seconds)
        return 204


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that is killed in the middle is what drills are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = (self.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        self.send_response(self.server.receiver.take(*said, body))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass
