"""Read the dates and times in META and `site.toml`, and suggest the right form of dates such as `1 Dec 2026`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]+(\d\d?:\d\d)(?::\d\d)?)?(?:\s*(Z|UTC|[+-]\d\d:?\d\d))?$", re.IGNORECASE)

MAX_LENGTH = 60  # A longer text isn't a date.

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?:[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})|(?P<rest>\d{4}))(?!\d)"
)
_YEAR_LAST = re.compile(r"(?<!\d)(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})[-/.](?P<year>\d{4})(?!\d)")
_DAY_AND_NAME = re.compile(rf"(?<!\d){_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+(?P<year>\d{{4}})(?!\d)")
_NAME_AND_DAY = re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d+:-])(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?$")
# Common abbreviations of time zones that have a fixed offset.
_ZONES = {"z": "+00:00", "utc": "+00:00", "gmt": "+00:00", "ist": "+05:30", "cet": "+01:00", "cest": "+02:00",
          "est": "-05:00", "edt": "-04:00", "pst": "-08:00", "pdt": "-07:00"}  # fmt: skip


def parse_time(text: str) -> datetime:
    """Return the time that `text` states, converted to UTC.

    Without a time of day, the time is midnight. Without a UTC offset, the time is in UTC.

    Raise ValueError or OverflowError if `text` is not a valid time.
    """
    match = _TIME.match(text.strip())
    if not match:
        raise ValueError(text)
    day, clock, offset = match.groups()
    zone = "+00:00" if offset is None or offset.upper() in ("Z", "UTC") else offset
    return datetime.fromisoformat(f"{day}T{(clock or '00:00').zfill(5)}{zone}").astimezone(UTC)


def parse_end(text: str) -> datetime:
    """Return the time that `text` states, converted to UTC. Without a time of day, return the end of the day.

    Some authors write 9999-12-31 for “never”. Python can't represent the end of this day, so return its beginning.

    Raise ValueError or OverflowError if `text` is not a valid time.
    """
    time, match = parse_time(text), _TIME.match(text.strip())
    if match is None or match[2] is not None:
        return time
    return min(time, datetime(9999, 12, 30, tzinfo=UTC)) + timedelta(days=1)


def format_time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def suggest(text: str, *, with_time: bool) -> tuple[str, ...]:
    """Return the dates that `text` may mean, in the form of META. With `with_time`, include the time of day.

    `4/5/2026` can mean two dates. If `text` doesn't contain a date, return ().
    """
    if len(text) > MAX_LENGTH:
        return ()
    text = "".join(str(int(each)) if each.isdecimal() else each for each in text.lower()).strip()
    for pattern in (_YEAR_FIRST, _DAY_AND_NAME, _NAME_AND_DAY, _YEAR_LAST):
        if match := pattern.search(text):
            clock = _clock(f"{text[: match.start()]} {text[match.end() :]}".replace(" t", " ")) if with_time else ""
            return tuple(filter(_is_time, dict.fromkeys(f"{day}{clock}" for day in _days(match))))
    return ()


def _is_time(text: str) -> bool:
    try:
        parse_time(text)
    except (ValueError, OverflowError):  # in UTC, 9999-12-31 23:59 -12:00 is in the year 10000
        return False
    return True


def _days(match: re.Match[str]) -> Iterator[str]:
    found = match.groupdict()
    year = int(found["year"])
    if found.get("name"):
        yield from _day(year, _MONTHS.index(found["name"]) + 1, int(found["day"]))
    elif found.get("rest"):
        yield from _day(year, int(found["rest"][:2]), int(found["rest"][2:]))
    elif found.get("month"):
        month, day = int(found["month"]), int(found["day"])
        yield from _day(year, month, day) if month <= 12 else _day(year, day, month)
    else:
        one, two = int(found["one"]), int(found["two"])
        yield from _day(year, two, one)
        if found["mark"] != ".":
            yield from _day(year, one, two)


def _day(year: int, month: int, day: int) -> Iterator[str]:
    """Yield the date. If the month has no such day, yield its last day. If there is no such month, yield nothing."""
    if year and 1 <= month <= 12 and 1 <= day <= 31:
        yield f"{year:04}-{month:02}-{min(day, monthrange(year, month)[1]):02}"


def _clock(text: str) -> str:
    """Return the time of day in `text`, with its time zone, or ""."""
    match = next((each for each in _CLOCK.finditer(text) if each["minute"] or each["half"]), None)
    if match is None:
        return ""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].startswith("p") else 0)
    return f" {hour:02}:{minute:02}{_zone(text[match.end() :].strip())}" if hour < 24 and minute < 60 else ""


def _zone(text: str) -> str:
    if text in _ZONES:
        return f" {_ZONES[text]}"
    offset = _OFFSET.match(text)
    if not offset or int(offset["hours"]) > 14:  # no time zone has a larger offset
        return ""
    return f" {offset['sign']}{int(offset['hours']):02}:{offset['minutes'] or '00'}"
