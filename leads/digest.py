"""The daily email to sales that lists held-back leads, since a filter may hold back a real lead."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from . import outbox, rate_limits
from .email_bodies import FIELD_LABELS, quote
from .models import Lead, Message, Quarantine

# The hour in UTC at which a digest is due: before work starts in Europe, and before noon in India.
HOUR = 6

# A digest lists at most this many leads for each reason, and this many characters of each value.
MAX_LISTED, MAX_VALUE_LENGTH = 50, 200


def latest_time(now: datetime) -> datetime:
    """Return the latest time at which a digest was due, up to and including `now`."""
    time = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return time if time <= now else time - timedelta(days=1)


def enqueue(until: datetime) -> None:
    """Create a digest of the leads that were held back before `until` and are in no digest yet.

    If there are no such leads, create no digest.
    """
    with transaction.atomic():
        rate_limits.lock()
        leads = Lead.objects.held_back().filter(digest=None, kept_at__lt=until)
        counts = Counter(leads.order_by().values_list("quarantine", flat=True))
        if counts:
            subject = f"Leads held back: {counts.total()}"
            reasons = "".join(f"- {count}: {Quarantine(value).label}\n" for value, count in counts.most_common())
            body = (
                f"Leads held back since the last email of this kind:\n\n{reasons}\n"
                "These leads look like spam, so no messages about them were sent. If a lead is real, open “Leads” in "
                "the admin, check its box, and run the action “Release held-back leads and send the messages”.\n"
            )
            message = outbox.build_message(None, Message.Kind.DIGEST, "", subject, body)
            message.save()
            leads.update(digest=message)


def body(message: Message) -> str:
    """Return the body of the digest with its list of leads.

    The list isn't saved with the message. Otherwise, the message would keep the data of deleted leads.
    """
    leads = message.digested_leads.held_back().order_by("-sent_at")
    lines = [message.body]
    for reason in leads.order_by().values_list("quarantine", flat=True).distinct():
        held_back = leads.filter(quarantine=reason)
        listed, total = held_back[:MAX_LISTED], held_back.count()
        which = f"the newest {len(listed)} of {total} (the admin lists all)" if total > len(listed) else f"{total}"
        lines += [f"\n{Quarantine(reason).label}, {which}:\n", *map(_entry, listed)]
    return "\n".join(lines)


def _entry(lead: Lead) -> str:
    values = [
        quote(f"{FIELD_LABELS.get(name, name)}: {' '.join(value.split())[:MAX_VALUE_LENGTH]}")
        for name, value in lead.fields.items()
        if value
    ]
    return "\n".join([f"{lead}, sent at {lead.sent_at:%Y-%m-%d %H:%M} UTC", *values, ""])
