"""The outbox: creates the messages about a lead, in the same transaction as the lead. `outbox_worker` sends them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from pages.repository import current

from . import email_bodies, rate_limits
from .models import Lead, Message

# Sales usually get an email about each lead. If they got too many emails in the last hour (settings.LEAD_LIMITS), they
# get one email after each interval of this length instead. The email lists all leads of the interval.
GATHER_INTERVAL = timedelta(minutes=15)


def enqueue(lead: Lead, *, with_reply: bool = True) -> None:
    """Create the messages for `lead`.

    Call this function in the transaction that saves the lead, and hold `rate_limits.lock()`.
    """
    messages = (_sales_email(lead), _reply(lead) if with_reply else None, _webhook(lead))
    Message.objects.bulk_create(message for message in messages if message is not None)


def enqueue_alert(limit: str) -> None:
    """Create an email to sales about an exceeded rate limit, at most once an hour for each limit.

    The caller must hold `rate_limits.lock()`.
    """
    subject = f"Replies to visitors are paused: {limit}"
    recent = Message.objects.filter(kind=Message.Kind.ALARM, created_at__gt=timezone.now() - rate_limits.HOUR)
    if not recent.filter(subject=subject).exists():
        build_message(None, Message.Kind.ALARM, "", subject, email_bodies.alert_body(limit)).save()


def resend(message: Message) -> bool:
    """Requeue a message that was sent or is no longer retried, and start a new retry period.

    Change nothing and return False if the message is still pending, or is a reply that was already sent.
    """
    now = timezone.now()
    finished = Message.objects.filter(pk=message.pk).exclude(state=Message.State.PENDING)
    finished = finished.exclude(kind=Message.Kind.REPLY, state=Message.State.SENT)
    return bool(finished.update(state=Message.State.PENDING, created_at=now, due_at=now, sent_at=None))


def sales_address() -> str:
    return settings.LEADS_TO or current.site_settings().email


def sender_address() -> str:
    return settings.MAIL_FROM or current.site_settings().email


def build_message(lead: Lead | None, kind: Message.Kind, recipient: str, subject: str, body: str) -> Message:
    now = timezone.now()
    return Message(
        lead=lead,
        kind=kind,
        message_id=f"<{token_hex(16)}@{urlsplit(settings.SITE_URL).hostname}>",
        recipient=recipient,
        subject=subject,
        body=body,
        created_at=now,
        due_at=now,
    )


def _sales_email(lead: Lead) -> Message:
    """Build the email to sales. The visitor's text is only in the body, never in the subject."""
    subject, body = f"Lead {lead.pk} from {lead.page}", email_bodies.lead_body(lead)
    now = timezone.now()
    recent = Message.objects.filter(kind=Message.Kind.SALES, created_at__gt=now - rate_limits.HOUR)
    if recent.count() < settings.LEAD_LIMITS["notifications"]:
        return build_message(lead, Message.Kind.SALES, "", subject, body)
    message = build_message(lead, Message.Kind.GATHERED, "", subject, body)
    # All messages that are created in one interval are due at its end, so that the worker sends them together.
    intervals = (now - datetime.min.replace(tzinfo=UTC)) // GATHER_INTERVAL
    message.created_at = message.due_at = datetime.min.replace(tzinfo=UTC) + (intervals + 1) * GATHER_INTERVAL
    return message


def _reply(lead: Lead) -> Message | None:
    """Build the reply. It contains only the document's text, and links to this site's files.

    The reply quotes nothing that the visitor typed. Otherwise, visitors could use the form to send any text to any
    address.
    """
    if not lead.reply or not rate_limits.may_reply(lead):
        return None
    return build_message(lead, Message.Kind.REPLY, lead.email, lead.reply_subject, lead.reply + "\n")


def _webhook(lead: Lead) -> Message | None:
    if not settings.WEBHOOK_URL:
        return None
    data = {
        "id": lead.key,
        "reference": lead.reference,
        "page": lead.page,
        "sent_at": lead.sent_at.isoformat(),
        "fields": lead.fields,
        "consent": lead.consent,
        "came_from": lead.came_from,
        "referrer_host": lead.referrer_host,
        "campaign": lead.campaign,
    }
    body = json.dumps({"type": "lead.created", "timestamp": lead.sent_at.isoformat(), "data": data})
    return build_message(lead, Message.Kind.WEBHOOK, "", "", body)
