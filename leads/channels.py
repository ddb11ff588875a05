"""How a message leaves: by a mail server, or by a webhook. Each way ends within SECONDS, whatever the other side
does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from .models import Message
from .outbox import sender_address

# How long the other side may take over one answer, and over all of them together.
ANSWER_SECONDS, SECONDS = 15, 60


class Unsent(Exception):
    """A message did not leave; its words name nobody, since they go to the log.

    `for_good`: trying again cannot help. `unreachable`: the other side takes no message at all now, whichever it is.
    """

    def __init__(self, reason: str, *, for_good: bool = False, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.for_good, self.unreachable = for_good, unreachable


def send(message: Message) -> None:
    """Returns when the other side has taken the message; raises Unsent where it is not known to have."""
    (_post if message.kind == Message.Kind.WEBHOOK else _mail)(message)


def _mail(message: Message) -> None:
    if not message.recipient or not sender_address():
        raise Unsent("nobody to write to, or to write as: set LEADS_TO and MAIL_FROM", unreachable=True)
    lead = message.lead
    is_reply = message.kind == Message.Kind.REPLY
    mail = EmailMessage(
        message.subject,
        message.body,
        sender_address(),
        [message.recipient],
        reply_to=[lead.email] if lead and not is_reply else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-replied" if is_reply else "auto-generated",  # RFC 3834: no robot answers it
        },
    )
    server = _MailServer(timeout=ANSWER_SECONDS)
    try:
        with _deadline(server.connected), server:
            server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        raise Unsent(f"the mail server refused the address ({codes[0]})", for_good=codes[0] >= 500) from refused
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError) as error:
        raise Unsent(f"the mail server takes nothing ({type(error).__name__})", unreachable=True) from error
    except smtplib.SMTPResponseException as error:
        raise Unsent(f"the mail server answered {error.smtp_code}") from error
    except (smtplib.SMTPException, ValueError) as error:
        raise Unsent(f"the mail could not be sent ({type(error).__name__})") from error
    except OSError as error:
        raise Unsent(f"the mail server cannot be reached ({type(error).__name__})", unreachable=True) from error


class _MailServer(EmailBackend):
    """Django's, which can be cut off while it is opened, too: a server may greet for ever, a line at a time."""

    _smtp: smtplib.SMTP | None = None

    def connection_class(self, *arguments: Any, **options: Any) -> smtplib.SMTP:  # type: ignore[override]
        kind = smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP
        self._smtp = smtp = kind.__new__(kind)
        # It connects, and waits for the greeting.
        smtp.__init__(*arguments, **options)  # type: ignore[misc]
        return smtp

    def connected(self) -> socket.socket | None:
        return self._smtp.sock if self._smtp else None

    def close(self) -> None:
        with suppress(OSError, smtplib.SMTPException):  # the message is taken or refused by now
            super().close()


def _post(message: Message) -> None:
    """Signed as https://www.standardwebhooks.com says."""
    address, body = urlsplit(settings.WEBHOOK_URL), message.body.encode()
    if not address.hostname:
        raise Unsent("WEBHOOK_URL names no receiver", unreachable=True)
    stamp = str(int(time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "LayersRank-Website/1",
        "webhook-id": message.message_id.strip("<>"),
        "webhook-timestamp": stamp,
        "webhook-signature": signature(message.message_id.strip("<>"), stamp, body, settings.WEBHOOK_SECRET),
    }
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname, address.port, timeout=ANSWER_SECONDS)
    try:
        connection.connect()
        with _deadline(lambda: connection.sock):
            connection.request(
                "POST", address._replace(scheme="", netloc="", fragment="").geturl() or "/", body, headers
            )
            status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Unsent(f"the webhook's receiver gave no answer ({type(error).__name__})", unreachable=True) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Unsent(f"the webhook's receiver answered {status}", for_good=status == 410)


def signature(identity: str, timestamp: str, body: bytes, secret: str) -> str:
    """`v1,` and the HMAC-SHA256, in Base64, of `identity.timestamp.body`. `secret` is Base64 after `whsec_`; any other
    text is taken as it is."""
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@contextmanager
def _deadline(connected: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cuts the connection after SECONDS: a timeout alone begins anew with every byte that trickles in, and a lease must
    not run out while its message is still being sent."""

    def cut() -> None:
        with suppress(OSError):  # the other side may have gone
            if current := connected():
                current.shutdown(socket.SHUT_RDWR)

    timer = Timer(SECONDS, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
