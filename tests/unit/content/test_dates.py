"""A wrong date in META gets a suggestion in the right form."""

import time
from datetime import UTC, datetime

import pytest

from pages.content import meta
from pages.content.dates import parse_end, parse_time, suggest
from pages.content.problems import Source

DAYS = {
    "30.11.2026": ("2026-11-30",),
    "3.4.2026": ("2026-04-03",),
    "30/11/2026": ("2026-11-30",),
    "11/30/2026": ("2026-11-30",),
    "3/4/2026": ("2026-04-03", "2026-03-04"),
    "4/4/2026": ("2026-04-04",),
    "3-4-2026": ("2026-04-03", "2026-03-04"),
    "2026/11/30": ("2026-11-30",),
    "2026.11.30": ("2026-11-30",),
    "2026-1-3": ("2026-01-03",),
    "20261130": ("2026-11-30",),
    "2026-02-30": ("2026-02-28",),
    "2026-13-01": ("2026-01-13",),
    "1 December 2026": ("2026-12-01",),
    "1st Dec 2026": ("2026-12-01",),
    "1st of Dec. 2026": ("2026-12-01",),
    "1-Dec-2026": ("2026-12-01",),
    "December 1, 2026": ("2026-12-01",),
    "Sept 2nd 2026": ("2026-09-02",),
    "Tuesday, 1 December 2026": ("2026-12-01",),
    "٢٠٢٦-١٢-٠١": ("2026-12-01",),
    "2026-11-30 09:00": ("2026-11-30",),
    "2026-11-32": (),
    "2026-14-15": (),
    "0000-01-01": (),
    "next Monday": (),
    "soon": (),
    "2026": (),
    "v1.2.2026.1 " * 10: (),
}
TIMES = {
    "2026-12-01T09:00:00+05:30": "2026-12-01 09:00 +05:30",
    "2026-12-01T09:00:00.000Z": "2026-12-01 09:00 +00:00",
    "2026-12-01 09:00 IST": "2026-12-01 09:00 +05:30",
    "2026-12-01 9:00": "2026-12-01 09:00",
    "2026-12-01 9am": "2026-12-01 09:00",
    "2026-12-01 9:30 p.m. GMT": "2026-12-01 21:30 +00:00",
    "12 am, 1 December 2026": "2026-12-01 00:00",
    "December 1, 2026 at 12 pm": "2026-12-01 12:00",
    "1.12.2026 09:00 +5:30": "2026-12-01 09:00 +05:30",
    "2026-12-01 09:00 +5": "2026-12-01 09:00 +05:00",
    "2026-12-01 25:00": "2026-12-01",
    "2026-12-01 09:00 +99:00": "2026-12-01 09:00",
    "1 December 2026": "2026-12-01",
}


@pytest.mark.parametrize("text", DAYS)
def test_a_date_in_another_form_is_suggested_in_the_form_of_meta(text):
    assert suggest(text, with_time=False) == DAYS[text]


@pytest.mark.parametrize("text", TIMES)
def test_a_time_in_another_form_is_suggested_in_the_form_of_meta(text):
    assert suggest(text, with_time=True) == (TIMES[text],)


@pytest.mark.parametrize("text", [*DAYS, *TIMES])
@pytest.mark.parametrize("key", ["Publish", "Updated"])
def test_every_suggestion_is_a_valid_value(key, text):
    for suggestion in suggest(text, with_time=key == "Publish"):
        line = f"{key}: {suggestion}"
        parsed, problems = meta.parse(Source("a.md", line), [(1, line)])
        assert not problems and isinstance(getattr(parsed, key.lower()), datetime if key == "Publish" else object)


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("Updated: 30.11.2026", "Did you mean `Updated: 2026-11-30`?"),
        ("Updated: 3/4/2026", "Did you mean `Updated: 2026-04-03` or `Updated: 2026-03-04`?"),
        ("Publish: 1 Dec 2026, 9am IST", "Did you mean `Publish: 2026-12-01 09:00 +05:30`?"),
        ("Publish: next Monday", "Write `Publish: 2026-12-01 09:00 +05:30`."),
        ("Updated: soon", "Write `Updated: 2026-11-30`."),
        ("Expires: 9999-12-31 23:59 -12:00", "Write `Expires: 2026-12-31 18:00 +05:30`."),
    ],
)
def test_the_help_for_a_wrong_date_has_the_right_form(line, help):
    _, [problem] = meta.parse(Source("a.md", line), [(1, line)])
    assert (problem.rule, problem.column, problem.help) == ("meta-value", 10, help)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_the_machines_time_zone_and_its_daylight_saving_time_have_no_effect(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        # In Berlin, this hour happens twice on this day.
        assert parse_time("2026-10-25 02:30 +02:00") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert parse_time("2026-10-25 02:30 +01:00") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        assert (
            parse_time("2026-03-29 02:30") == parse_end("2026-03-29 02:30") == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)
        )
        assert parse_end("2026-10-25") == parse_time("2026-10-26") == datetime(2026, 10, 26, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-12-31 25:00", "9999-12-31 23:59 -12:00"])
def test_an_end_that_is_no_date_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        parse_end(text)


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12-31 UTC"])
def test_the_last_day_of_the_calendar_stands_for_never(text):
    assert parse_end(text) == datetime(9999, 12, 31, tzinfo=UTC)
