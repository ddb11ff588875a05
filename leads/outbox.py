"""Who is told of a lead, and what: written in the transaction that writes the lead, sent by `manage.py deliver`."""

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
    """Writes what is to be told of `lead`. To be called in the transaction that makes it a lead, under the caps'
    lock."""
    Message.objects.bulk_create(
        message for message in (_sales(lead), _reply(lead), _webhook(lead)) if message is not None
    )


def enqueue_alert(cap: Quarantine) -> None:
    """Tells sales, of each cap at most once an hour, that it holds leads back. To be called under the caps' lock."""
    subject = f"Leads are held back: {cap.label}"
    recent = Message.objects.filter(kind=Message.Kind.ALARM, created_at__gt=timezone.now() - rate_limits.HOUR)
    if not recent.filter(subject=subject).exists():
        body = (
            f"More was sent from the site's forms than is let through: {cap.label}.\n\n"
            "What came since is kept, and held back: nobody was told of it. Whoever runs the site can look it over in "
            "the admin, and restore what people sent. Another such message comes in an hour at the earliest.\n"
        )
        _message(None, Message.Kind.ALARM, "", subject, body).save()


def resend(message: Message) -> bool:
    """Puts a message that was sent or given up back into the outbox; whether it was one. Its time begins anew. A reply
    that was sent is none: nobody gets two of one lead."""
    now = timezone.now()
    ended = Message.objects.filter(pk=message.pk).exclude(state=Message.State.PENDING)
    ended = ended.exclude(kind=Message.Kind.REPLY, state=Message.State.SENT)
    return bool(ended.update(state=Message.State.PENDING, created_at=now, due_at=now, sent_at=None))


def sales_address() -> str:
    return settings.LEADS_TO or current.site_settings().email


def sender_address() -> str:
    return settings.MAIL_FROM or current.site_settings().email


def _message(lead: Lead | None, kind: Message.Kind, recipient: str, subject: str, body: str) -> Message:
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


def _sales(lead: Lead) -> Message:
    """What the visitor sent stands in the body alone."""
    lines = [f"{FIELD_LABELS.get(name, name)}: {value}" for name, value in lead.fields.items() if value]
    lines += ["", f"Sent from {lead.page} at {lead.sent_at:%Y-%m-%d %H:%M} UTC", f"Consent: {lead.consent}"]
    lines += [f"Came from {lead.came_from or lead.referrer_host}"] if lead.came_from or lead.referrer_host else []
    lines += [f"{name}: {value}" for name, value in lead.campaign.items()]
    subject = f"Lead {lead.pk} from {lead.page}"
    return _message(lead, Message.Kind.SALES, "", subject, "\n".join(lines) + "\n")


def _reply(lead: Lead) -> Message | None:
    """The document's words alone, and none of the visitor's: whoever enters a stranger's address can say nothing to
    them."""
    if not lead.reply or not rate_limits.may_reply(lead):
        return None
    return _message(lead, Message.Kind.REPLY, lead.email, lead.reply_subject, lead.reply + "\n")


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
    return _message(lead, Message.Kind.WEBHOOK, "", "", body)
