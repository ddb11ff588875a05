"""How much is let through. Counted in the database, which all workers share; what is over a cap is kept, and held
back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from .models import Lead, Message, Quarantine
from .submissions import Submission

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Any number, the same in all workers: PostgreSQL's name for the lock.
_LOCK = 7_242_633_109

# For how long who holds the lock may say nothing, in seconds. PostgreSQL learns only after hours that a machine is
# gone, and until then no lead could be written.
LOCK_HOLDER_TIMEOUT = 10


def lock() -> None:
    """Lets one transaction at a time count and write, until it ends. SQLite does so by itself: transactions are
    immediate (settings)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            limit = "set_config('idle_in_transaction_session_timeout', %s, true)"
            cursor.execute(f"SELECT {limit}, pg_advisory_xact_lock(%s)", [f"{LOCK_HOLDER_TIMEOUT * 1000:.0f}ms", _LOCK])


def exceeded_limit(submission: Submission) -> Quarantine:
    """The cap that `submission` would break, if any. To be asked under the lock.

    What was sent at once comes in any order, and what waited in the spool later than what was sent after it, so leads
    count on both sides of its time: no hour and no day holds more than its cap, whatever came first."""
    caps, at = settings.LEAD_CAPS, submission.sent_at
    hour = Lead.objects.accepted().filter(sent_at__gt=at - HOUR, sent_at__lt=at + HOUR)
    day = Lead.objects.accepted().filter(sent_at__gt=at - DAY, sent_at__lt=at + DAY)
    if hour.filter(client=submission.client).count() >= caps["client"]:
        return Quarantine.CLIENT
    if day.filter(mailbox=submission.mailbox).count() >= caps["recipient"]:
        return Quarantine.RECIPIENT
    if hour.count() >= caps["all"]:
        return Quarantine.ALL
    return Quarantine.NONE


def may_reply(lead: Lead) -> bool:
    """Whether the visitor's address gets no other reply within a day: none was written, sent, or is still to be
    sent."""
    since = lead.sent_at - DAY
    recent = Q(created_at__gt=since) | Q(sent_at__gt=since) | Q(state=Message.State.PENDING)
    return not Message.objects.filter(recent, kind=Message.Kind.REPLY, lead__mailbox=lead.mailbox).exists()
