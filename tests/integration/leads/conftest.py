"""What the tests of leads share: visitors who open, fill in and send a form, and real servers that take mail and
webhooks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.test import Client
from django.utils import timezone

from leads.form_tokens import FormToken
from leads.submissions import Submission
from tests.conftest import free_port

START, CONTACT = "/start", "/contact"
TYPED = {
    "name": "Priya Raman",
    "email": "priya@example.com",
    "company": "Northwind",
    "role": "Data Engineer",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def spool(tmp_path, settings):
    """A spool of the test's own; there is no folder yet, as on a machine where the database never failed."""
    settings.SPOOL_DIR = tmp_path / "spool"
    return settings.SPOOL_DIR


def submission(number: int = 0, **changes: Any) -> Submission:
    """What one visitor sent; another visitor for each number."""
    email = changes.pop("email", f"visitor{number}@example.com")
    made = Submission(
        opening=f"opening-{number}",
        page=START,
        sent_at=timezone.now(),
        fields=changes.pop("fields", {"name": "Priya Raman", "email": email, "company": "Northwind", "role": "Welder"}),
        consent="They may keep it.",
        came_from="/hire/data-engineer",
        referrer_host="",
        campaign={"utm_source": "letter"},
        client=f"client-{number}",
        suspicion="",
        reply_subject="Your request",
        reply="It has arrived.",
    )
    return replace(made, **changes)


def ticket(seconds: float = 60, **changes: Any) -> str:
    """The ticket of a form that was opened so many seconds ago."""
    made = FormToken("an-opening", time() - seconds, "", "", {}, "They may keep it.")
    return str(replace(made, **changes))


def typed(**changes: str) -> dict[str, str]:
    return {"ticket": ticket(), **TYPED, **changes}


def sent(client: Client, url: str = START, **changes: str) -> Any:
    """The answer to a form that was filled in as TYPED, but for `changes`."""
    return client.post(url, typed(**changes))


def in_parallel(work: Callable[[int], Any], count: int) -> list[Any]:
    """What `work` returns for each number, all of them at once; their threads leave no connection open."""

    def run(number: int) -> Any:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@dataclass
class Mail:
    sender: str
    recipients: list[str]
    message: EmailMessage
    at: datetime


@dataclass
class MailServer:
    """Takes mail by SMTP and keeps it in `mails`. `answers` are by the command that they answer instead, as
    `{"RCPT": "550 no such mailbox"}`."""

    host: str = "127.0.0.1"
    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [self.answers["EHLO"]] if "EHLO" in self.answers else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        session.host_name = hostname
        return self.answers.get("HELO", f"250 {hostname}")

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.answers:
            return self.answers["DATA"]
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(Mail(envelope.mail_from, list(envelope.rcpt_tos), message, timezone.now()))
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that came for `address`, in the order in which they came."""
        return [mail.message for mail in self.mails if address in mail.recipients]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that takes everything unless it is told otherwise."""
    handler = MailServer()
    handler.port = free_port()
    controller = Controller(handler, hostname=handler.host, port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


@dataclass
class Hook:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebhookReceiver:
    """Keeps what is posted to `url` in `hooks`, and answers `status`."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)


@pytest.fixture
def webhook_receiver() -> Iterator[WebhookReceiver]:
    """A server that takes webhooks unless it is told otherwise."""
    receiver = WebhookReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.hooks.append(Hook(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        receiver.url = f"http://127.0.0.1:{server.server_port}/leads?from=site"
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def mailing(settings, mail_server) -> MailServer:
    """`mail_server`, with the site's settings set to it."""
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = mail_server.host, str(mail_server.port), False
    settings.LEADS_TO, settings.MAIL_FROM = "sales@layersrank.example", "LayersRank <site@layersrank.example>"
    return mail_server


@pytest.fixture
def hooking(settings, webhook_receiver) -> WebhookReceiver:
    """`webhook_receiver`, with the site's settings set to it."""
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = webhook_receiver.url, "whsec_" + "c2VjcmV0" * 6
    return webhook_receiver


def plain(html: bytes) -> str:
    """The words of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())
