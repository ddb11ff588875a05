"""Sends what stands in the outbox: each message at least once, and no message by two workers at the same time."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from traceback import format_tb

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from . import intake, spool, transports
from .models import Attempt, Message

logger = logging.getLogger(__name__)

# Each wait is twice as long as the one before, up to the longest. A mail server's own patience is the measure for how
# long it goes on (RFC 5321, 4.5.4.1: four to five days).
LONGEST_WAIT, PATIENCE = timedelta(hours=1), timedelta(days=4)

_BATCH = 50


@dataclass
class OutboxWorker:
    """One worker. `resting` says until when a way out is left alone: by webhook (True), or by mail. `reads_spool` says
    whether the spool could be read when it last was."""

    resting: dict[bool, datetime] = field(default_factory=dict)
    reads_spool: bool = True

    def __post_init__(self) -> None:
        if not settings.EMAIL_HOST:
            logger.warning("EMAIL_HOST names no mail server, so emails wait in the outbox")
            self.resting[False] = datetime.max.replace(tzinfo=UTC)

    def run_once(self, is_over: Callable[[], bool] = lambda: False) -> tuple[int, int]:
        """Replays the spool and sends what is due, until `is_over`; how many messages were sent, and how many failed.
        Raises what the database raises."""
        self._replay_spool()
        outcomes = [self._send(message) for message in self._claimed(is_over)]
        return sum(outcomes), len(outcomes) - sum(outcomes)

    def _replay_spool(self) -> None:
        """What is wrong with the spool keeps no message from being sent, and is said once."""
        try:
            spool.replay(intake.save_to_database)
            self.reads_spool = True
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            if self.reads_spool:
                logger.critical("the spool cannot be brought in, and is tried again: %s", _without_message(error))
            self.reads_spool = False

    def _claimed(self, is_over: Callable[[], bool]) -> Iterator[Message]:
        """The due messages, one after the other, each leased to this worker before it is given out."""
        for number in list(self._due(timezone.now()).values_list("pk", flat=True)[:_BATCH]):
            if is_over():
                return
            lease, now = token_hex(16), timezone.now()
            if self._due(now).filter(pk=number).update(lease=lease, leased_until=now + _seconds("lease")):
                yield from Message.objects.select_related("lead").filter(pk=number, lease=lease)

    def _due(self, now: datetime) -> QuerySet[Message]:
        """What is to be sent now, nobody holds, and has a way out that takes something."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        due = Message.objects.filter(free, state=Message.State.PENDING, due_at__lte=now).order_by("due_at", "pk")
        by_webhook = Q(kind=Message.Kind.WEBHOOK)
        for is_webhook, until in self.resting.items():
            if until > now:
                due = due.exclude(by_webhook) if is_webhook else due.filter(by_webhook)
        return due

    def _send(self, message: Message) -> bool:
        try:
            transports.send(message)
        except transports.SendError as unsent:
            if unsent.unreachable:
                self.resting[message.kind == Message.Kind.WEBHOOK] = timezone.now() + _seconds("pause")
            _failed(message, unsent)
            return False
        except Exception as error:
            logger.error("message %s broke what sends it: %s", message.pk, _without_message(error))
            _failed(message, transports.SendError("what sends it broke"))
            return False
        _finished(message, "", state=Message.State.SENT, sent_at=timezone.now())
        return True


def _without_message(error: Exception) -> str:
    """The kind of `error`, and the lines of code that led to it; without its words, which may be a visitor's."""
    return type(error).__name__ + "\n" + "".join(format_tb(error.__traceback__))


def _failed(message: Message, unsent: transports.SendError) -> None:
    now, reason = timezone.now(), str(unsent)
    before = [attempt.at for attempt in message.attempts.all() if attempt.at >= message.created_at]
    if unsent.for_good or (before and now - before[0] > PATIENCE):
        logger.error("message %s (%s) was given up: %s", message.pk, message.kind, reason)
        _finished(message, reason, state=Message.State.DEAD)
    else:
        logger.warning("message %s (%s) was not sent: %s", message.pk, message.kind, reason)
        _finished(message, reason, due_at=now + backoff(len(before)))


def _finished(message: Message, error: str, **values: object) -> None:
    """Writes how an attempt ended, and gives the lease back."""
    with transaction.atomic():
        if not Message.objects.select_for_update().filter(pk=message.pk):
            logger.warning("message %s was deleted while it was being sent", message.pk)
            return
        held = Message.objects.filter(pk=message.pk, lease=message.lease)
        held.update(lease="", leased_until=None, **values)
        Attempt.objects.create(message_id=message.pk, at=timezone.now(), error=error)


def backoff(failures: int) -> timedelta:
    """How long to wait when `failures` attempts failed before this one. Anything from half of the doubled wait to all
    of it, so that what failed together does not come back together."""
    longest: timedelta = min(_seconds("first_wait") * 2 ** min(failures, 20), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)  # noqa: S311  nothing to be guessed here


def _seconds(name: str) -> timedelta:
    return timedelta(seconds=settings.DELIVERY_SECONDS[name])
