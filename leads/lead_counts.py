"""Counts of leads by page, role and campaign for each week, computed from the saved leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Case, CharField, Count, F, IntegerField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import Lead, Quarantine

# A table shows this many values at most. Anyone can send any role or campaign, so there may be thousands of values.
MAX_ROWS = 20

CSV_COLUMNS = ("week", "starts", "page", "came from", "role", "campaign", "held back", "leads")


@dataclass(frozen=True)
class Week:
    """An ISO week in the site's time zone. `name` is in the form of ISO 8601, such as “2026-W49”."""

    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class WeeklyCount:
    """The number of leads in one week with the same page, role and campaign. `week` is an index in a list of weeks."""

    week: int
    page: str
    came_from: str
    role: str
    campaign: str
    is_held_back: bool
    leads: int


@dataclass(frozen=True)
class Row:
    """A row of a table: a value, such as a page, and its number of leads for each week."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Table:
    title: str
    rows: tuple[Row, ...]


def last_weeks(count: int, now: datetime) -> list[Week]:
    """Return `count` weeks, oldest first. The last week is the week of `now`."""
    monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday())
    days = [monday + timedelta(weeks=number) for number in range(1 - count, 2)]
    starts = [timezone.make_aware(datetime.combine(day, time())) for day in days]
    names = [f"{day:%G-W%V}" for day in days]
    return [Week(*week) for week in zip(names, starts, starts[1:], strict=False)]


def count_leads(weeks: Sequence[Week]) -> list[WeeklyCount]:
    """Count the leads of `weeks` with one query."""
    # Don't use TruncWeek: in SQLite, it would call a Python function for each lead.
    cases = [When(sent_at__lt=week.end, then=Value(number)) for number, week in enumerate(weeks)]
    leads = Lead.objects.filter(sent_at__gte=weeks[0].start, sent_at__lt=weeks[-1].end).order_by()
    counted = (
        leads.values(
            "page",
            "came_from",
            week=Case(*cases, output_field=IntegerField()),
            role=_text("fields__role"),
            utm_campaign=_text("campaign__utm_campaign"),
            is_held_back=Case(When(quarantine=Quarantine.NONE, then=Value(0)), default=Value(1)),
        )
        .annotate(leads=Count("pk"))
        .order_by("week", "page", F("leads").desc(), "came_from", "role", "utm_campaign")
    )
    return [
        WeeklyCount(
            row["week"],
            row["page"],
            row["came_from"],
            row["role"],
            row["utm_campaign"],
            bool(row["is_held_back"]),
            row["leads"],
        )
        for row in counted
    ]


def _text(key: str) -> Coalesce:
    return Coalesce(KT(key), Value(""), output_field=CharField())


def tables(counts: Sequence[WeeklyCount], weeks: int) -> list[Table]:
    """Return the tables that the admin shows. Only the first table counts held-back leads, in a separate row."""
    accepted = [count for count in counts if not count.is_held_back]
    held_back = [count for count in counts if count.is_held_back]
    return [
        Table("All leads", (_sum("Leads", accepted, weeks), _sum("Held back", held_back, weeks))),
        Table("By page with the form", _rows(accepted, "page", weeks)),
        Table("By page before the form", _rows(accepted, "came_from", weeks)),
        Table("By role", _rows(accepted, "role", weeks)),
        Table("By campaign (utm_campaign)", _rows(accepted, "campaign", weeks)),
    ]


def _rows(counts: Sequence[WeeklyCount], name: str, weeks: int) -> tuple[Row, ...]:
    """Return a row for each of the most frequent values of the attribute `name`, and a row for all other values."""
    totals: Counter[str] = Counter()
    for count in counts:
        totals[getattr(count, name)] += count.leads
    values = [value for value, _ in totals.most_common(MAX_ROWS)]
    by_value: dict[str, list[WeeklyCount]] = {value: [] for value in values}
    others = [count for count in counts if getattr(count, name) not in by_value]
    for count in counts:
        by_value.get(getattr(count, name), []).append(count)
    rows = [_sum(value or "(none)", by_value[value], weeks) for value in values]
    if others:
        number = len(totals) - MAX_ROWS
        rows.append(_sum(f"({number} other{'s' * (number != 1)})", others, weeks))
    return tuple(rows)


def _sum(label: str, counts: Iterable[WeeklyCount], weeks: int) -> Row:
    sums = [0] * weeks
    for count in counts:
        sums[count.week] += count.leads
    return Row(label, tuple(sums))


def csv_rows(counts: Iterable[WeeklyCount], weeks: Sequence[Week]) -> Iterator[Sequence[object]]:
    yield CSV_COLUMNS
    for count in counts:
        week = weeks[count.week]
        held_back = "yes" if count.is_held_back else "no"
        values = (count.page, count.came_from, count.role, count.campaign, held_back, count.leads)
        yield (week.name, f"{week.start:%Y-%m-%d}", *values)
