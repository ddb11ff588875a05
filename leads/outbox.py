"""The outbox: creates the messages about a lead, in the same transaction as the lead. `outbox_worker` sends them."""

from __future__ import annotations

import json
from secrets import token_hex
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from pages.repository import current

from . import rate_limits
from .models import Lead, Message, Quarantine

FIELD_LABELS = {
    "email": "Email",
    "name": "Name",
    "company": "Company",
    "phone": "Phone",
    "role": "Role",
    "message": "Message",
}


def enqueue(lead: Lead) -> None:
    """Create the messages for `lead`.

    Call it in the transaction that saves the lead, and hold `rate_limits.lock()`.
    """
    messages = (_sales_email(lead), _reply(lead), _webhook(lead))
    Message.objects.bulk_create(message for message in messages if message is not None)


def enqueue_alert(limit: Quarantine) -> None:
    """Create an email to sales about an exceeded rate limit, at most once an hour for each limit.

    The caller must hold `rate_limits.lock()`.
    """
    subject = f"Leads are held back: {limit.label}"
    recent = Message.objects.filter(kind=Message.Kind.ALARM, created_at__gt=timezone.now() - rate_limits.HOUR)
    if not recent.filter(subject=subject).exists():
        body = (
            f"Rate limit exceeded: {limit.label}.\n\n"
            "New leads over this limit are saved but held for review. No emails about them are sent.\n\n"
            "In the admin, open “Leads” and filter by “held back”. Check the box of each real lead, and run the action "
            "“Restore from quarantine and send the messages”.\n\n"
            "While the limit is exceeded, this email is sent at most once an hour.\n"
        )
        _build_message(None, Message.Kind.ALARM, "", subject, body).save()


def resend(message: Message) -> bool:
    """Queue a message again that was sent or is no longer retried. Its retry period starts anew.

    Return False if nothing changed, because the message is still pending or is a reply that was already sent.
    """
    now = timezone.now()
    finished = Message.objects.filter(pk=message.pk).exclude(state=Message.State.PENDING)
    finished = finished.exclude(kind=Message.Kind.REPLY, state=Message.State.SENT)
    return bool(finished.update(state=Message.State.PENDING, created_at=now, due_at=now, sent_at=None))


def sales_address() -> str:
    return settings.LEADS_TO or current.site_settings().email


def sender_address() -> str:
    return settings.MAIL_FROM or current.site_settings().email


def _build_message(lead: Lead | None, kind: Message.Kind, recipient: str, subject: str, body: str) -> Message:
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
    lines = [f"{FIELD_LABELS.get(name, name)}: {value}" for name, value in lead.fields.items() if value]
    lines += ["", f"Sent from {lead.page} at {lead.sent_at:%Y-%m-%d %H:%M} UTC", f"Consent: {lead.consent}"]
    came_from = lead.came_from or lead.referrer_host
    lines += [f"The visitor came from {came_from}"] if came_from else []
    lines += [f"{name}: {value}" for name, value in lead.campaign.items()]
    subject = f"Lead {lead.pk} from {lead.page}"
    return _build_message(lead, Message.Kind.SALES, "", subject, "\n".join(lines) + "\n")


def _reply(lead: Lead) -> Message | None:
    """Build the reply, with the document's text only.

    It quotes nothing that the visitor typed. Otherwise the form could send any text to any address.
    """
    if not lead.reply or not rate_limits.may_reply(lead):
        return None
    return _build_message(lead, Message.Kind.REPLY, lead.email, lead.reply_subject, lead.reply + "\n")


def _webhook(lead: Lead) -> Message | None:
    if not settings.WEBHOOK_URL:
        return None
    data = {
        "id": lead.key,
        "page": lead.page,
        "sent_at": lead.sent_at.isoformat(),
        "fields": lead.fields,
        "consent": lead.consent,
        "came_from": lead.came_from,
        "referrer_host": lead.referrer_host,
        "campaign": lead.campaign,
    }
    body = json.dumps({"type": "lead.created", "timestamp": lead.sent_at.isoformat(), "data": data})
    return _build_message(lead, Message.Kind.WEBHOOK, "", "", body)
