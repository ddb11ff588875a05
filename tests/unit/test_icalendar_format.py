"""Test the format of calendars against the rules of RFC 5545."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pages.icalendar_format import MAX_LINE_BYTES, Event, calendar

NOW = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


def event(summary="Goes live: Prices", **changes):
    values = {
        "uid": "1@www.example.com",
        "time": datetime(2026, 12, 2, 9, tzinfo=INDIA),
        "summary": summary,
        "description": "File: content/pricing.md",
        "url": "https://www.example.com/pricing",
    }
    return Event(**values | changes)


def unfolded(data):
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_a_calendar_has_each_event_in_utc():
    lines = unfolded(calendar("Plan", [event(), event(uid="2@www.example.com")], NOW))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert "DTSTART:20261202T033000Z" in lines
    assert "DTSTAMP:20261201T083000Z" in lines
    assert {"UID:1@www.example.com", "UID:2@www.example.com", "VERSION:2.0", "X-WR-CALNAME:Plan"} <= set(lines)


def test_special_characters_are_escaped_and_line_breaks_add_no_property():
    lines = unfolded(calendar("Plan", [event("A; b, c\\d\r\nATTENDEE:x\x00")], NOW))
    assert "SUMMARY:A\\; b\\, c\\\\d\\nATTENDEE:x" in lines
    assert not [line for line in lines if line.startswith("ATTENDEE")]


@given(st.text(max_size=300))
def test_long_lines_are_folded_between_characters(text):
    data = calendar("Plan", [event(text)], NOW)
    assert all(len(line) <= MAX_LINE_BYTES for line in data.split(b"\r\n"))
    for line in data.split(b"\r\n"):
        line.decode()
    assert len([line for line in unfolded(data) if line.startswith("SUMMARY:")]) == 1
