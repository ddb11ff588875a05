"""Saves how often visitors saw “Page not found”, by address. In each worker, a thread saves these counts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from threading import Thread
from time import sleep

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from ..http.missing_counts import counts
from ..http.old_addresses import has_answer
from ..models import MissingAddress
from ..repository import current

logger = logging.getLogger(__name__)

# The time between two saves, in seconds. A worker that stops loses the visits since the last save.
SAVE_SECONDS = 20

# If the list is full, a new address replaces the least frequent address, but only if the new address has more visits.
MAX_ROWS = 1_000

# An address without a visit for this long leaves the list. The privacy page states this period.
KEPT = timedelta(days=90)


def save_regularly() -> None:
    """Start the thread that regularly saves how often each missing address was visited in this process."""
    Thread(target=_save_regularly, name="missing addresses", daemon=True).start()


def _save_regularly() -> None:
    failure, saved_day = "", None
    while True:
        sleep(SAVE_SECONDS)
        try:
            today = timezone.localdate()
            save(is_due=today != saved_day)
            failure, saved_day = "", today
        except Exception as error:  # the thread must continue after any error
            name = type(error).__name__
            if name != failure and isinstance(error, DatabaseError | InterfaceError):
                logger.warning("the counts of “Page not found” can't be saved (%s), retrying", name)
            elif name != failure:
                logger.error("the counts of “Page not found” can't be saved, retrying", exc_info=error)
            failure = name
        finally:
            connection.close()


def save(*, is_due: bool = False) -> None:
    """Save the visits since the last save. If saving fails, keep these visits for the next save.

    Also delete old addresses from the list, and read the list again. If there are no new visits, do this only if
    `is_due` is True.
    """
    visits = counts.take()
    if visits or is_due:
        try:
            counts.set_listed(_save(visits, timezone.localdate()))
        except BaseException:
            counts.put_back(visits)
            raise


def _save(visits: Mapping[str, int], today: date) -> list[str]:
    """Save `visits`. Delete old addresses, and addresses that work by now. Return all saved addresses."""
    rows = dict(MissingAddress.objects.values_list("address", "visits"))
    visible = current.visible_pages()
    answered = {address for address in (*rows, *visits) if has_answer(address, visible)}
    with transaction.atomic():
        MissingAddress.objects.filter(Q(address__in=answered) | Q(last_day__lt=today - KEPT)).delete()
        rows = dict(MissingAddress.objects.values_list("address", "visits"))
        for address, count in sorted(visits.items()):  # always in the same order, so that workers can't deadlock
            if address not in answered and (address in rows or _make_room(rows, count)):
                rows[address] = rows.get(address, 0) + count
                _add(address, count, today)
    return list(rows)


def _add(address: str, count: int, today: date) -> None:
    values = {"visits": count, "first_day": today, "last_day": today}
    row, is_new = MissingAddress.objects.get_or_create(address=address, defaults=values)
    if not is_new:  # another worker may be changing the row, too
        MissingAddress.objects.filter(pk=row.pk).update(visits=F("visits") + count, last_day=today)


def _make_room(rows: dict[str, int], count: int) -> bool:
    """Return whether the list has room for an address with `count` visits.

    If the list is full, delete the row with the fewest visits, but only if this row has fewer visits than `count`.
    """
    if len(rows) < MAX_ROWS:
        return True
    least = min(rows, key=rows.__getitem__)
    if rows[least] >= count:
        return False
    MissingAddress.objects.filter(address=least).delete()
    del rows[least]
    return True
