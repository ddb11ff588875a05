"""Send a message by SMTP."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.errors import MessageError

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from . import digest, transports
from .email_addresses import to_ascii
from .models import Lead, Message
from .outbox import sales_address, sender_address
from .transports import DeadlineMixin, SendError

# Errors that concern the mail server as a whole, not one message.
_SESSION_ERRORS = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPAuthenticationError,
)


class _SMTP(DeadlineMixin, smtplib.SMTP):
    pass


class _SMTPOverTLS(DeadlineMixin, smtplib.SMTP_SSL):
    pass


class _DeadlineBackend(EmailBackend):
    @property
    def connection_class(self) -> type[_SMTP | _SMTPOverTLS]:
        return _SMTPOverTLS if self.use_ssl else _SMTP


def send(message: Message) -> None:
    """Send `message` by email.

    Return once the mail server has accepted it; otherwise raise SendError.
    """
    email = _build_email(message)
    email.connection = connection = _DeadlineBackend(timeout=transports.RESPONSE_SECONDS)
    try:
        connection.open()
        email.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(code for code, _ in error.recipients.values())
        # A visitor's address may not exist, so don't retry a reply. Retry an email to sales, because an operator can
        # correct the sales address.
        permanent = message.kind == Message.Kind.REPLY and code >= 500
        raise SendError(f"the mail server rejected the recipient ({code})", permanent=permanent) from error
    except _SESSION_ERRORS as error:
        raise SendError(f"the SMTP session failed ({type(error).__name__})", unreachable=True) from error
    except smtplib.SMTPResponseException as error:
        raise SendError(f"the mail server answered {error.smtp_code}") from error
    except OSError as error:
        reason = f"the connection to the mail server failed ({type(error).__name__})"
        raise SendError(reason, unreachable=True) from error
    except (ValueError, MessageError) as error:
        raise SendError(f"the email could not be built ({type(error).__name__})") from error
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the server has already accepted or rejected the message
            connection.close()


def _build_email(message: Message) -> EmailMessage:
    recipient, sender = message.recipient or sales_address(), sender_address()
    if not recipient or not sender:
        raise SendError("no recipient or sender address: set LEADS_TO and MAIL_FROM", unreachable=True)
    is_reply = message.kind == Message.Kind.REPLY
    if is_reply:
        try:
            recipient = to_ascii(recipient)
        except ValueError as error:
            raise SendError("the visitor's address is not valid", permanent=True) from error
    return EmailMessage(
        message.subject,
        digest.body(message) if message.kind == Message.Kind.DIGEST else message.body,
        sender,
        [recipient],
        reply_to=_visitor_address(message.lead) if not is_reply else None,
        headers={
            "Message-ID": message.message_id,
            # RFC 3834: prevents automatic responses such as out-of-office replies.
            "Auto-Submitted": "auto-replied" if is_reply else "auto-generated",
        },
    )


def _visitor_address(lead: Lead | None) -> list[str] | None:
    # `to_ascii` rejects some addresses that earlier versions of the form accepted. An old lead may have one of these
    # addresses.
    with suppress(ValueError):
        return [to_ascii(lead.email)] if lead else None
    return None
