"""Rate limits for leads, counted in the database that all workers share. Leads over a limit are saved but held back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from .models import Lead, Message, Quarantine
from .submissions import Submission

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Identifies the advisory lock in PostgreSQL. The number is arbitrary, but it must be the same in all workers.
_LOCK_KEY = 7_242_633_109

# PostgreSQL ends a lock holder's transaction after this many idle seconds. Otherwise a crashed machine could keep the
# lock for hours, until its TCP connection times out, and no lead could be saved.
LOCK_HOLDER_TIMEOUT = 10


def lock() -> None:
    """Serialize counting and writing until the transaction ends.

    SQLite needs no lock: its transactions are IMMEDIATE (see settings), so there is only one writer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            timeout = "set_config('idle_in_transaction_session_timeout', %s, true)"
            values = (f"{LOCK_HOLDER_TIMEOUT * 1000:.0f}ms", _LOCK_KEY)
            cursor.execute(f"SELECT {timeout}, pg_advisory_xact_lock(%s)", values)


def exceeded_limit(submission: Submission) -> Quarantine:
    """Return the limit that `submission` would exceed, or Quarantine.NONE. The caller must hold `lock()`.

    Leads aren't saved in the order they were sent: concurrent requests race, and spooled leads arrive late. So this
    function counts leads from before and after `sent_at`. Then no hour or day exceeds its limit, whatever the order.
    """
    limits, sent_at = settings.LEAD_LIMITS, submission.sent_at
    within_hour = Lead.objects.accepted().filter(sent_at__gt=sent_at - HOUR, sent_at__lt=sent_at + HOUR)
    within_day = Lead.objects.accepted().filter(sent_at__gt=sent_at - DAY, sent_at__lt=sent_at + DAY)
    if within_hour.filter(client=submission.client).count() >= limits["client"]:
        return Quarantine.CLIENT
    if within_day.filter(mailbox=submission.mailbox).count() >= limits["recipient"]:
        return Quarantine.RECIPIENT
    if within_hour.count() >= limits["total"]:
        return Quarantine.ALL
    return Quarantine.NONE


def may_reply(lead: Lead) -> bool:
    """Return True if there is no recent reply to the visitor's mailbox.

    A pending reply is always recent. Other replies are recent if they were created or sent later than one day before
    `lead.sent_at`.
    """
    since = lead.sent_at - DAY
    is_recent = Q(created_at__gt=since) | Q(sent_at__gt=since) | Q(state=Message.State.PENDING)
    return not Message.objects.filter(is_recent, kind=Message.Kind.REPLY, lead__mailbox=lead.mailbox).exists()
