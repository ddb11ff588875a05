"""Fixtures for the leads tests: form submissions, an SMTP server and a webhook receiver."""

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

from leads import transports
from leads.form_tokens import FormToken
from leads.models import Lead, Message
from leads.submissions import Submission
from tests.conftest import free_port

START, CONTACT = "/start", "/contact"
FORM_DATA = {
    "name": "Priya Raman",
    "email": "priya@example.com",
    "company": "Northwind",
    "role": "Data Engineer",
    "consent": "on",
}
SALES, SENDER = "sales@layersrank.example", "site@layersrank.example"


@pytest.fixture(autouse=True)
def spool_dir(tmp_path, settings):
    """Give each test its own spool folder. The site creates the folder when it first spools a lead."""
    settings.SPOOL_DIR = tmp_path / "spool"
    return settings.SPOOL_DIR


def submission(number: int = 0, **changes: Any) -> Submission:
    """Return a form submission. Submissions with different numbers come from different visitors."""
    email = changes.pop("email", f"visitor{number}@example.com")
    default = Submission(
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
    return replace(default, **changes)


def outbox_message(kind: str = Message.Kind.SALES, **changes: Any) -> Message:
    """Return a message about a lead. Neither is saved in the database."""
    lead = Lead(email="Priya@Example.com", fields={}, page=START, sent_at=timezone.now())
    values = {
        "lead": lead,
        "kind": kind,
        "message_id": "<0123456789abcdef@www.layersrank.example>",
        "recipient": "priya@example.com" if kind == Message.Kind.REPLY else "",
        "subject": "Lead 7 from /start",
        "body": "Name: Zoë\n.\nFrom here on\n",
    }
    return Message(**values | changes)


@pytest.fixture
def short_timeouts(monkeypatch):
    monkeypatch.setattr(transports, "RESPONSE_SECONDS", 0.4)
    monkeypatch.setattr(transports, "TOTAL_SECONDS", 1.2)


def form_token(seconds: float = 60, **changes: Any) -> str:
    """Return the token of a form that was opened `seconds` ago."""
    token = FormToken("an-opening", time() - seconds, "", "", {}, "They may keep it.")
    return str(replace(token, **changes))


def form_data(**changes: str) -> dict[str, str]:
    return {"form_token": form_token(), **FORM_DATA, **changes}


def submit(client: Client, url: str = START, **changes: str) -> Any:
    """Post the form with FORM_DATA and `changes`, and return the response."""
    return client.post(url, form_data(**changes))


def submit_invalid(client: Client, url: str = START, **changes: str) -> Any:
    """Post a form that has an error, follow the redirect, and return the page with the form."""
    response = submit(client, url, **changes)
    assert response.status_code == 303
    assert re.fullmatch(rf"{url}\?unsent=[\w-]{{24}}#problems", response["Location"])
    return client.get(response["Location"])


def in_parallel(function: Callable[[int], Any], count: int) -> list[Any]:
    """Call `function` with each number below `count`, each in its own thread. Return the results."""

    def run(number: int) -> Any:
        try:
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@dataclass
class ReceivedEmail:
    sender: str
    recipients: list[str]
    message: EmailMessage
    at: datetime


@dataclass
class MailServer:
    """An SMTP server that stores emails.

    `responses` replaces the usual responses to some commands, for example `{"RCPT": "550 no such mailbox"}`.
    """

    host: str = "127.0.0.1"
    port: int = 0
    emails: list[ReceivedEmail] = field(default_factory=list)
    responses: dict[str, str] = field(default_factory=dict)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [self.responses["EHLO"]] if "EHLO" in self.responses else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        session.host_name = hostname
        return self.responses.get("HELO", f"250 {hostname}")

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.responses:
            return self.responses["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.responses:
            return self.responses["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.responses:
            return self.responses["DATA"]
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.emails.append(ReceivedEmail(envelope.mail_from, list(envelope.rcpt_tos), message, timezone.now()))
        return "250 OK"

    def received_by(self, address: str) -> list[EmailMessage]:
        """Return all emails that were sent to `address`, oldest first."""
        return [email.message for email in self.emails if address in email.recipients]


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A running SMTP server, with the settings pointing to it."""
    server = MailServer()
    server.port = free_port()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = server.host, str(server.port), False
    settings.LEADS_TO, settings.MAIL_FROM = SALES, f"LayersRank <{SENDER}>"
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class ReceivedWebhook:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebhookReceiver:
    """A webhook receiver that stores requests, and responds with `status` and `headers`."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[ReceivedWebhook] = field(default_factory=list)


@pytest.fixture
def webhook_receiver(settings) -> Iterator[WebhookReceiver]:
    """A running webhook receiver, with the settings pointing to it."""
    receiver = WebhookReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append(ReceivedWebhook(self.path, headers, body))
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/leads?from=site"
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = receiver.url, "whsec_" + "c2VjcmV0" * 6
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def text_of(html: bytes) -> str:
    """Return a page's text as a single line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())
