"""Calendars in the format iCalendar (RFC 5545), to which calendar programs can subscribe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

CONTENT_TYPE = "text/calendar; charset=utf-8"

MAX_LINE_BYTES = 75  # RFC 5545, 3.1

# Control characters are not allowed in a text (RFC 5545, 3.3.11).
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class Event:
    """An event without a duration. `uid` identifies the event, and must stay the same if the event is moved."""

    uid: str
    time: datetime
    summary: str
    description: str
    url: str


def calendar(name: str, events: Iterable[Event], now: datetime) -> bytes:
    """Return a calendar with `events`. `now` is the time at which the calendar is made."""
    return b"".join(_folded(line) + b"\r\n" for line in _lines(name, events, now))


def _lines(name: str, events: Iterable[Event], now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//LayersRank//Website//EN", "METHOD:PUBLISH")
    # Most programs read X-WR-CALNAME, an older name of NAME (RFC 7986, 5.1).
    yield from (f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H")
    for event in events:
        yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_time(now)}", f"DTSTART:{_time(event.time)}")
        yield from (f"SUMMARY:{_text(event.summary)}", f"DESCRIPTION:{_text(event.description)}", f"URL:{event.url}")
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _time(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in _CONTROLS.sub("", text))


def _folded(line: str) -> bytes:
    """Return `line` broken into lines of at most MAX_LINE_BYTES. A line is never broken inside a character."""
    parts, length = [b""], MAX_LINE_BYTES
    for character in line:
        encoded = character.encode()
        if len(parts[-1]) + len(encoded) > length:
            parts.append(b"")
            length = MAX_LINE_BYTES - 1  # one byte is for the space before the continuation
        parts[-1] += encoded
    return b"\r\n ".join(parts)
