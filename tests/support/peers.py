"""An SMTP server and a webhook receiver that record each message, for tests with the site's real processes."""

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

SECRET = "whsec_" + base64.b64encode(b"shared by the receiver and the site").decode()


@dataclass(frozen=True)
class ReceivedMessage:
    """An email or a webhook request.

    `message_id` is the header Message-ID or webhook-id. `recipient` is empty for a webhook. `text` is the full content.
    """

    message_id: str
    recipient: str
    text: str


class Peer:
    """The base class of both servers, which records the received messages.

    Receiving one message takes `delay` seconds. `overlaps` counts messages that arrived while another copy of the
    same message was still being received. `max_parallel` is the largest number of messages received at the same time.
    """

    def __init__(self) -> None:
        self.received: list[ReceivedMessage] = []
        self.delay, self.overlaps, self.max_parallel = 0.0, 0, 0
        self._in_progress: Counter[str] = Counter()
        self._lock = Lock()

    @property
    def copies(self) -> Counter[str]:
        """The number of copies of each message, by its ID."""
        return Counter(message.message_id for message in list(self.received))

    @property
    def duplicates(self) -> int:
        return sum(self.copies.values()) - len(self.copies)

    @contextmanager
    def _receiving(self, message: ReceivedMessage) -> Iterator[None]:
        """Record `message` unless the `with` block raises an exception."""
        with self._lock:
            self.overlaps += self._in_progress[message.message_id]
            self._in_progress[message.message_id] += 1
            self.max_parallel = max(self.max_parallel, self._in_progress.total())
        try:
            yield
            with self._lock:
                self.received.append(message)
        finally:
            with self._lock:
                self._in_progress[message.message_id] -= 1


class MailServer(Peer):
    """An SMTP server that accepts every email.

    While the event `hanging` is set, the server receives emails but doesn't respond. `hung` counts those emails.
    """

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
        message_id = message_from_bytes(text.encode())["Message-ID"]
        with self._receiving(ReceivedMessage(message_id, envelope.rcpt_tos[0], text)):
            self.hung += self.hanging.is_set()
            while self.hanging.is_set():
                await asyncio.sleep(0.05)
            await asyncio.sleep(self.delay)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay)
        return "221 bye"


class WebhookReceiver(Peer):
    """A webhook receiver that verifies signatures (https://www.standardwebhooks.com) and counts invalid signatures."""

    def __init__(self) -> None:
        super().__init__()
        self.invalid_signatures = 0
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

    def receive(self, message_id: str, timestamp: str, signature: str, body: bytes) -> int:
        """Record a request, and return the response's status."""
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        expected = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        if signature != "v1," + base64.b64encode(expected).decode() or abs(time.time() - int(timestamp)) > 300:
            self.invalid_signatures += 1
            return 401
        with self._receiving(ReceivedMessage(message_id, "", body.decode())):
            time.sleep(self.delay)
        return 204


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: WebhookReceiver

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore broken connections: drills kill the sender."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message_id, timestamp, signature = (
            self.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")
        )
        self.send_response(self.server.receiver.receive(message_id, timestamp, signature, body))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass
