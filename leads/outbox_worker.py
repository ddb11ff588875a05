"""The outbox worker: delivers each message at least once. A message is never sent by two workers at once."""

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

from . import (
    digest,
    email_bodies,
    email_transport,
    indexnow_transport,
    intake,
    outbox,
    rate_limits,
    spool,
    unsent_forms,
    webhook_transport,
)
from .models import Attempt, Message
from .search_engines import Announcer
from .transports import SendError

logger = logging.getLogger(__name__)

# The delay between retries doubles, up to MAX_RETRY_DELAY. Mail servers retry for at least four to five days (RFC 5321,
# 4.5.4.1), so the worker retries for four days.
MAX_RETRY_DELAY, GIVE_UP_AFTER = timedelta(hours=1), timedelta(days=4)

_BATCH_SIZE = 50

# One email contains at most this many leads.
MAX_GATHERED = 1_000

EMAIL, WEBHOOK, INDEXNOW = "email", "webhook", "IndexNow"

# The kinds of messages that aren't sent by email.
_TRANSPORTS = {Message.Kind.WEBHOOK: WEBHOOK, Message.Kind.INDEXNOW: INDEXNOW}


@dataclass
class OutboxWorker:
    """One worker.

    `paused_until` maps a transport, such as EMAIL, to the time when it may be used again.
    `is_spool_readable` is False after a failed replay, so that repeated failures are logged only once.
    `digested_until` is the time of the last digest. Leads that were held back before this time are in a digest.
    """

    paused_until: dict[str, datetime] = field(default_factory=dict)
    is_spool_readable: bool = True
    digested_until: datetime | None = None
    announcer: Announcer = field(default_factory=Announcer)

    def __post_init__(self) -> None:
        if not settings.EMAIL_HOST:
            level = logging.WARNING if settings.PRODUCTION else logging.INFO
            logger.log(level, "EMAIL_HOST is not set, so emails wait in the outbox")
            self.paused_until[EMAIL] = datetime.max.replace(tzinfo=UTC)

    def run_once(self, should_stop: Callable[[], bool] = lambda: False) -> tuple[int, int]:
        """Send the due messages, until `should_stop()` is True.

        First, replay the spool, create digests and messages to search engines if due, and delete old unsent forms.
        Return the number of messages sent and the number that failed. Database errors propagate.
        """
        self._replay_spool()
        self._enqueue_digest()
        self.announcer.run_once()
        unsent_forms.delete_old()
        sent = failed = 0
        for messages in self._claim_due_messages(should_stop):
            if self._deliver(messages):
                sent += len(messages)
            else:
                failed += len(messages)
        return sent, failed

    def _replay_spool(self) -> None:
        """Replay the spool. A broken spool must not delay messages in the outbox."""
        try:
            spool.replay(intake.save_to_database)
            self.is_spool_readable = True
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            if self.is_spool_readable:
                logger.critical("the spool can't be replayed, retrying: %s", _without_message(error))
            self.is_spool_readable = False

    def _enqueue_digest(self) -> None:
        """If a digest of held-back leads is due, create it, but only once."""
        due = digest.latest_time(timezone.now())
        if due != self.digested_until:
            digest.enqueue(due)
            self.digested_until = due

    def _claim_due_messages(self, should_stop: Callable[[], bool]) -> Iterator[list[Message]]:
        """Yield lists of due messages. Each list is leased to this worker immediately before it is yielded.

        A list has one message, or up to MAX_GATHERED messages of the kind GATHERED.
        """
        for pk, kind in list(self._due_messages(timezone.now()).values_list("pk", "kind")[:_BATCH_SIZE]):
            if should_stop():
                return
            lease, now = token_hex(16), timezone.now()
            due = self._due_messages(now)
            with transaction.atomic():
                if kind == Message.Kind.GATHERED:
                    rate_limits.lock()  # otherwise, two workers could each send an email with some of the messages
                    gathered = due.filter(kind=Message.Kind.GATHERED).values_list("pk", flat=True)[:MAX_GATHERED]
                    due = due.filter(pk__in=list(gathered))
                else:
                    due = due.filter(pk=pk)
                due.update(lease=lease, leased_until=now + _seconds("lease"))
            if messages := list(Message.objects.select_related("lead").filter(lease=lease)):
                yield messages

    def _due_messages(self, now: datetime) -> QuerySet[Message]:
        """Return the messages that are due and not leased, except those for paused transports."""
        is_free = Q(leased_until=None) | Q(leased_until__lt=now)
        due = Message.objects.filter(is_free, state=Message.State.PENDING, due_at__lte=now).order_by("due_at", "pk")
        paused = {transport for transport, until in self.paused_until.items() if until > now}
        return due.exclude(kind__in=[kind for kind in Message.Kind if _transport_of(kind) in paused])

    def _deliver(self, messages: list[Message]) -> bool:
        """Send `messages`, as one email if there are several, and record the attempt. Return True if they were sent."""
        message = messages[0] if len(messages) == 1 else _gather(messages)
        try:
            send(message)
        except SendError as error:
            if error.unreachable:
                self.paused_until[_transport_of(message.kind)] = timezone.now() + _seconds("pause")
            _record_failure(messages, error)
            return False
        except Exception as error:
            logger.error("unexpected error while sending message %s: %s", messages[0].pk, _without_message(error))
            _record_failure(messages, SendError("unexpected error: see the log"))
            return False
        for each in messages:
            _record_attempt(each, "", state=Message.State.SENT, sent_at=timezone.now())
        return True


def send(message: Message) -> None:
    """Send `message` by its transport, or raise SendError."""
    modules = {EMAIL: email_transport, WEBHOOK: webhook_transport, INDEXNOW: indexnow_transport}
    modules[_transport_of(message.kind)].send(message)


def _gather(messages: list[Message]) -> Message:
    """Build one unsaved message that replaces all of `messages`."""
    body = email_bodies.gathered_body(messages)
    return outbox.build_message(None, Message.Kind.GATHERED, "", f"{len(messages)} leads", body)


def _transport_of(kind: str) -> str:
    return _TRANSPORTS.get(Message.Kind(kind), EMAIL)


def _without_message(error: Exception) -> str:
    """Return the type and traceback of `error`, without its message, because the message may quote a visitor."""
    return type(error).__name__ + "\n" + "".join(format_tb(error.__traceback__))


def _record_failure(messages: list[Message], error: SendError) -> None:
    """Record a failed attempt. If one email gathered several messages, they become due again at the same time."""
    now, reason = timezone.now(), str(error)
    delay = None
    for message in messages:
        # “Send again” in the admin sets `created_at` to the current time. Count only the attempts since then.
        attempts = [attempt.at for attempt in message.attempts.all() if attempt.at >= message.created_at]
        if error.permanent or (attempts and now - attempts[0] > GIVE_UP_AFTER):
            logger.error("message %s (%s) was not sent, and is no longer retried: %s", message.pk, message.kind, reason)
            _record_attempt(message, reason, state=Message.State.DEAD)
        else:
            logger.warning("message %s (%s) was not sent: %s", message.pk, message.kind, reason)
            delay = delay or retry_delay(len(attempts))
            _record_attempt(message, reason, due_at=now + delay)


def _record_attempt(message: Message, error: str, **values: object) -> None:
    """Save an attempt, update the message with `values` and release its lease."""
    with transaction.atomic():
        if not Message.objects.select_for_update().filter(pk=message.pk):
            logger.warning("message %s was deleted while it was being sent", message.pk)
            return
        leased = Message.objects.filter(pk=message.pk, lease=message.lease)
        leased.update(lease="", leased_until=None, **values)
        Attempt.objects.create(message_id=message.pk, at=timezone.now(), error=error)


def retry_delay(failures: int) -> timedelta:
    """Return how long to wait after a failed attempt. `failures` is the number of earlier failed attempts.

    The delay doubles with each failure, up to MAX_RETRY_DELAY. The result is a random duration between half the delay
    and the whole delay, so that retries spread out after an outage.
    """
    delay: timedelta = min(_seconds("first_retry") * 2 ** min(failures, 20), MAX_RETRY_DELAY)
    return delay * random.uniform(0.5, 1)  # noqa: S311  not used for security


def _seconds(name: str) -> timedelta:
    return timedelta(seconds=settings.DELIVERY_SECONDS[name])
