"""How a message leaves: by a mail server, or by a webhook. Each way ends within SECONDS, whatever the other side
does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
import socket
from contextlib import suppress
from email.errors import MessageError
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from .models import Message
from .outbox import sales_address, sender_address

# How long the other side may take over one answer, and over all of them together.
ANSWER_SECONDS, TOTAL_SECONDS = 15, 60

# What a mail server says of itself, and not of one message.
_TAKES_NOTHING = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPAuthenticationError,
)


class SendError(Exception):
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
    recipient = message.recipient or sales_address()
    if not recipient or not sender_address():
        raise SendError("nobody to write to, or to write as: set LEADS_TO and MAIL_FROM", unreachable=True)
    lead = message.lead
    is_reply = message.kind == Message.Kind.REPLY
    mail = EmailMessage(
        message.subject,
        message.body,
        sender_address(),
        [recipient],
        reply_to=[lead.email] if lead and not is_reply else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-replied" if is_reply else "auto-generated",  # RFC 3834: no robot answers it
        },
    )
    mail.connection = connection = _Mailer(timeout=ANSWER_SECONDS)
    try:
        connection.open()
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(code for code, _ in refused.recipients.values())
        # A visitor's address may be wrong for ever; sales' is for somebody to mend.
        raise SendError(f"the mail server refused the address ({code})", for_good=is_reply and code >= 500) from refused
    except _TAKES_NOTHING as error:
        raise SendError(f"the mail server takes nothing ({type(error).__name__})", unreachable=True) from error
    except smtplib.SMTPResponseException as error:
        raise SendError(f"the mail server answered {error.smtp_code}") from error
    except OSError as error:
        raise SendError(f"the mail server cannot be reached ({type(error).__name__})", unreachable=True) from error
    except (ValueError, MessageError) as error:
        raise SendError(f"the mail could not be made ({type(error).__name__})") from error
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the message is taken or refused by now
            connection.close()


def _post(message: Message) -> None:
    """Signed as https://www.standardwebhooks.com says."""
    address, body = urlsplit(settings.WEBHOOK_URL), message.body.encode()
    if not address.hostname:
        raise SendError("WEBHOOK_URL names no receiver", unreachable=True)
    stamp = str(int(time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "LayersRank-Website/1",
        "webhook-id": message.message_id.strip("<>"),
        "webhook-timestamp": stamp,
        "webhook-signature": signature(message.message_id.strip("<>"), stamp, body, settings.WEBHOOK_SECRET),
    }
    kind = _SecureHook if address.scheme == "https" else _Hook
    connection = kind(address.hostname, address.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("POST", (address.path or "/") + (address.query and f"?{address.query}"), body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise SendError(f"the webhook's receiver gave no answer ({type(error).__name__})", unreachable=True) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise SendError(f"the webhook's receiver answered {status}", for_good=status == 410)


def signature(identity: str, timestamp: str, body: bytes, secret: str) -> str:
    """`v1,` and the HMAC-SHA256, in Base64, of `identity.timestamp.body`. `secret` is Base64 after `whsec_`; any other
    text is taken as it is."""
    encoded = secret.removeprefix("whsec_")
    key = secret.encode() if encoded == secret else base64.b64decode(encoded, validate=True)
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class _Cut:
    """Cuts its connection SECONDS after it was begun: a timeout alone begins anew with every byte that trickles in, and
    a lease must not run out while its message is still being sent."""

    sock: socket.socket | None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._timer = Timer(TOTAL_SECONDS, self._cut)
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(*arguments, **named)
        except Exception:
            self._timer.cancel()
            raise

    def _cut(self) -> None:
        with suppress(OSError):  # it has ended by itself
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        super().close()  # type: ignore[misc]


class _Mail(_Cut, smtplib.SMTP):
    pass


class _SecureMail(_Cut, smtplib.SMTP_SSL):
    pass


class _Hook(_Cut, HTTPConnection):
    pass


class _SecureHook(_Cut, HTTPSConnection):
    pass


class _Mailer(EmailBackend):
    @property
    def connection_class(self) -> type[_Mail | _SecureMail]:
        return _SecureMail if self.use_ssl else _Mail
