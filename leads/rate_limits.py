"""Rate limits, counted in the database that all workers share.

One limit counts the leads that come from one opened form: if a visitor sends the same form too often, the site holds
back further leads from this form. All other limits only stop replies to visitors, never emails to sales.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from .advisory_locks import RATE_LIMITS
from .client_ip import WIDER_NETWORKS
from .models import Lead, Message
from .submissions import Submission

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# PostgreSQL ends a lock holder's transaction after this many idle seconds. Without this limit, a crashed machine could
# keep the lock for hours, until its TCP connection times out. Until then, no lead could be saved.
LOCK_HOLDER_TIMEOUT = 10


def lock() -> None:
    """Serialize counting and writing until the transaction ends.

    SQLite needs no lock: its transactions are IMMEDIATE (see settings), so there is only one writer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            timeout = "set_config('idle_in_transaction_session_timeout', %s, true)"
            values = (f"{LOCK_HOLDER_TIMEOUT * 1000:.0f}ms", RATE_LIMITS)
            cursor.execute(f"SELECT {timeout}, pg_advisory_xact_lock(%s)", values)


def is_token_used_up(submission: Submission) -> bool:
    """Return True if too many leads come from the same opened form as `submission`. The caller must hold `lock()`."""
    return Lead.objects.filter(opening=submission.opening).count() >= settings.LEAD_LIMITS["token"]


def exceeded_limit(submission: Submission) -> str:
    """Return the description of the limit that a reply to `submission` would exceed, or "".

    The caller must hold `lock()`.

    Leads aren't saved in the order they were sent: concurrent requests race, and spooled leads arrive late. So this
    function finds the leads that were sent less than an hour before or after `submission`, and counts the replies to
    them. No hour then exceeds the limit, even if leads are saved out of order.
    """
    limits, sent_at = settings.LEAD_LIMITS, submission.sent_at
    replies = Message.objects.filter(
        kind=Message.Kind.REPLY, lead__sent_at__gt=sent_at - HOUR, lead__sent_at__lt=sent_at + HOUR
    )
    network = submission.client
    if replies.filter(lead__client=network).count() >= limits["client"]:
        return "too many leads from one network address"
    for name in WIDER_NETWORKS:
        network = network.rpartition(".")[0]
        if network and replies.filter(lead__client__startswith=f"{network}.").count() >= limits[name]:
            return f"too many leads from one {name} network"
    return "too many leads in total" if replies.count() >= limits["total"] else ""


def may_reply(lead: Lead) -> bool:
    """Return True if there is no recent reply to the visitor's mailbox.

    A pending reply always counts as recent. Any other reply is recent if it was created or sent in the day before
    `lead.sent_at`, or after `lead.sent_at`.
    """
    since = lead.sent_at - DAY
    is_recent = Q(created_at__gt=since) | Q(sent_at__gt=since) | Q(state=Message.State.PENDING)
    return not Message.objects.filter(is_recent, kind=Message.Kind.REPLY, lead__mailbox=lead.mailbox).exists()
