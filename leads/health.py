"""How the leads are: whether they can be kept, and whether what is to be told of them is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Min
from django.utils import timezone

from . import intake, spool
from .models import Message

# A message that waits longer than this waits for somebody to mend something.
MAX_OUTBOX_AGE = timedelta(minutes=15)

# A lead in the spool is brought in within seconds once the database answers.
MAX_SPOOL_AGE = timedelta(minutes=1)


def status() -> dict[str, Any]:
    """Counts, and `unwell`: a line for each thing that somebody has to look at. Names no person."""
    found = _spool()
    try:
        outbox = intake.run_with_timeout(settings.DATABASE_SECONDS, _outbox) if intake.is_remote() else _outbox()
        found |= {"database": "ok", **outbox}
    except (DatabaseError, InterfaceError, TimeoutError) as error:
        found |= {"database": type(error).__name__}
    return {"unwell": _problems(found), **found}


def _spool() -> dict[str, Any]:
    try:
        spool.check_writable()
        return {
            "spool": "ok",
            "spooled": spool.pending_count(),
            "oldest_spooled_seconds": _seconds_since(spool.oldest()),
            "put_aside": spool.set_aside_count(),
        }
    except OSError as error:
        return {"spool": type(error).__name__, "spooled": 0, "oldest_spooled_seconds": 0, "put_aside": 0}


def _outbox() -> dict[str, int]:
    """Replies do not count: a visitor's address may be wrong, and nobody here can mend that."""
    ours = Message.objects.exclude(kind=Message.Kind.REPLY)
    pending = ours.filter(state=Message.State.PENDING)
    oldest = pending.aggregate(oldest=Min("created_at"))["oldest"]
    return {
        "undelivered": pending.count(),
        "oldest_undelivered_seconds": _seconds_since(oldest),
        "dead_letters": ours.filter(state=Message.State.DEAD).count(),
    }


def _seconds_since(time: datetime | None) -> int:
    return int((timezone.now() - time).total_seconds()) if time else 0


def _problems(found: dict[str, Any]) -> list[str]:
    answers, spools = found["database"] == "ok", found["spool"] == "ok"
    checks = (
        (not answers and spools, "the database does not answer; leads wait in the spool"),
        (not answers and not spools, "the database does not answer, and the spool cannot be written: no lead is taken"),
        (answers and not spools, "the spool cannot be written, and would take no lead if the database failed"),
        (
            found.get("oldest_undelivered_seconds", 0) > MAX_OUTBOX_AGE.total_seconds(),
            "a message has waited for more than 15 minutes: is `deliver` running, and the mail server reachable?",
        ),
        (found.get("dead_letters", 0) > 0, "messages were given up: look at them in the admin"),
        (
            answers and found["oldest_spooled_seconds"] > MAX_SPOOL_AGE.total_seconds(),
            "leads wait in the spool though the database answers: is `deliver` running?",
        ),
        (found["put_aside"] > 0, "records of the spool were put aside: look at aside.jsonl"),
    )
    return [line for is_so, line in checks if is_so]
