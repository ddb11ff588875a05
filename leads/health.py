"""Health of the leads app for /readyz: the database, the spool and the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.db.models import Min
from django.utils import timezone

from . import spool
from .database_timeout import read_with_timeout
from .models import Lead, Message

# If a message is pending for longer than this, an operator has to look for the cause.
MAX_OUTBOX_AGE = timedelta(minutes=15)

# If a lead is in the spool for longer than this, something is wrong: the outbox worker replays the spool every second
# while the database responds.
MAX_SPOOL_AGE = timedelta(minutes=1)


def status() -> dict[str, Any]:
    """Return counts and, under `unwell`, one line for each problem. Nothing in the result identifies a person."""
    report = _spool()
    try:
        report |= {"database": "ok", **read_with_timeout(_outbox)}
    except (DatabaseError, InterfaceError, TimeoutError) as error:
        report |= {"database": type(error).__name__}
    return {"unwell": _problems(report), **report}


def _spool() -> dict[str, Any]:
    try:
        spool.check_writable()
        return {
            "spool": "ok",
            "spooled": spool.pending_count(),
            "oldest_spooled_seconds": _seconds_since(spool.oldest()),
            "put_aside": len(spool.set_aside()),
        }
    except OSError as error:
        return {"spool": type(error).__name__, "spooled": 0, "oldest_spooled_seconds": 0, "put_aside": 0}


def _outbox() -> dict[str, int]:
    """Count the held-back leads and the undelivered messages.

    Leave out replies: a visitor may enter an address that doesn't exist, and an operator can't fix that. Also leave out
    messages to search engines, because they are not urgent.
    """
    messages = Message.objects.exclude(kind__in=(Message.Kind.REPLY, Message.Kind.INDEXNOW))
    pending = messages.filter(state=Message.State.PENDING)
    oldest = pending.aggregate(oldest=Min("created_at"))["oldest"]
    return {
        "undelivered": pending.count(),
        "oldest_undelivered_seconds": _seconds_since(oldest),
        "dead_letters": messages.filter(state=Message.State.DEAD).count(),
        "held_back": Lead.objects.held_back().count(),
    }


def _seconds_since(time: datetime | None) -> int:
    return max(0, int((timezone.now() - time).total_seconds())) if time else 0


def _problems(report: dict[str, Any]) -> list[str]:
    is_database_ok, is_spool_ok = report["database"] == "ok", report["spool"] == "ok"
    checks = (
        (not is_database_ok and is_spool_ok, "the database doesn't respond: leads are saved to the spool"),
        (
            not is_database_ok and not is_spool_ok,
            "the database doesn't respond, and the spool isn't writable: no lead can be saved",
        ),
        (
            is_database_ok and not is_spool_ok,
            "the spool isn't writable: if the database fails, no lead can be saved",
        ),
        (
            report.get("oldest_undelivered_seconds", 0) > MAX_OUTBOX_AGE.total_seconds(),
            "a message has been waiting for more than 15 minutes: check that `deliver` is running, "
            "and that the mail server and the webhook respond",
        ),
        (report.get("dead_letters", 0) > 0, "some messages are no longer retried: look under “Messages” in the admin"),
        (
            is_database_ok and report["oldest_spooled_seconds"] > MAX_SPOOL_AGE.total_seconds(),
            "leads are still in the spool although the database responds: check that `deliver` is running",
        ),
        (report["put_aside"] > 0, "spool records could not be saved: run `manage.py set_aside` to list them"),
    )
    return [text for is_problem, text in checks if is_problem]
