"""Takes what a visitor sent: into the database with all that is to be told of it, or else into the spool."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction

from . import outbox, rate_limits, spool
from .models import Lead, Quarantine
from .submissions import Submission

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

_sqlite_lock = Lock()


class NotSaved(Exception):
    """Nothing could be written: neither to the database nor to the disk."""


def save(submission: Submission) -> None:
    """Returns when the submission is on a disk, once however often it is sent; raises Unkept where it could not get
    there. A remote database has settings.DATABASE_SECONDS to answer."""
    try:
        run_with_timeout(
            settings.DATABASE_SECONDS, lambda: save_to_database(submission)
        ) if is_remote() else _save_in_turn(submission)
    except Exception as error:  # whatever broke, the visitor's words are worth more
        why = type(error).__name__
        try:
            spool.append(submission)
        except OSError as full:
            said = "a lead could not be kept: the database took none (%s), and the spool cannot be written (%s)"
            logger.critical(said, why, full.strerror)
            raise NotSaved from full
        logger.error("the database took no lead (%s), so it waits in the spool", why)


def _save_in_turn(submission: Submission) -> None:
    """Those who wait for SQLite look again from time to time, and whoever came last may be first: in a flood some would
    wait for all others. So in each process one waits there, and the others here."""
    if not _sqlite_lock.acquire(timeout=settings.DATABASE_SECONDS):
        raise TimeoutError
    try:
        save_to_database(submission)
    finally:
        _sqlite_lock.release()


def save_to_database(submission: Submission) -> Lead:
    """The lead of `submission`, written now or before, and in the same transaction what is to be told of it."""
    with transaction.atomic():
        rate_limits.lock()
        known = Lead.objects.filter(key=submission.key).first()
        if known:
            return known
        quarantine = submission.suspicion or rate_limits.exceeded_limit(submission)
        lead = Lead.objects.create(
            key=submission.key,
            page=submission.page,
            sent_at=submission.sent_at,
            name=submission.fields.get("name", ""),
            email=submission.fields["email"],
            company=submission.fields.get("company", ""),
            fields=submission.fields,
            consent=submission.consent,
            came_from=submission.came_from,
            referrer_host=submission.referrer_host,
            campaign=submission.campaign,
            mailbox=submission.mailbox,
            client=submission.client,
            quarantine=quarantine,
            reply_subject=submission.reply_subject,
            reply=submission.reply,
        )
        if not quarantine:
            outbox.enqueue(lead)
        elif not submission.suspicion:
            outbox.enqueue_alert(Quarantine(quarantine))
        return lead


def is_remote() -> bool:
    return connection.vendor != "sqlite"


def run_with_timeout(seconds: float, work: Callable[[], Result]) -> Result:
    """What `work` returns, or raises; TimeoutError where it takes longer, and then it goes on by itself. No setting of
    a driver bounds all that a network can hang in, names and half-dead connections among it."""
    outcome: SimpleQueue[tuple[Result | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((work(), None))
        except BaseException as error:  # the caller's to handle, whatever it is
            outcome.put((None, error))
        finally:
            connection.close()

    Thread(target=run, name="database", daemon=True).start()
    try:
        result, error = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error:
        raise error
    return result  # type: ignore[return-value]
