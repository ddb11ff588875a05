"""Test the counts of leads by page, role and campaign for each week, as tables and as CSV."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads import intake, lead_counts
from leads.models import Lead

from .conftest import submission

URL = "/desk/leads/leadcount/"
WEDNESDAY = datetime(2026, 12, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def save(number, sent_at, role="Welder", campaign=None, **changes):
    email = f"visitor{number}@example.com"
    fields = {"name": "Priya", "email": email, "company": "Northwind"} | ({"role": role} if role else {})
    intake.save_to_database(submission(number, sent_at=sent_at, fields=fields, campaign=campaign or {}, **changes))


def tables_of(weeks, now=WEDNESDAY):
    counts = lead_counts.count_leads(lead_counts.last_weeks(weeks, now))
    tables = lead_counts.tables(counts, weeks)
    return {table.title: {row.label: row.counts for row in table.rows} for table in tables}


def page_tables(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return {
        part.h2.get_text(): {
            row.th.get_text(): [cell.get_text() for cell in row.select("td")]
            for row in part.select("tbody tr")
            if row.th
        }
        for part in soup.select("#content-main .module")
    }


def test_each_table_counts_the_leads_of_each_week():
    save(1, WEDNESDAY, campaign={"utm_campaign": "autumn", "utm_source": "letter"})
    save(2, WEDNESDAY, role="", came_from="")
    save(3, WEDNESDAY - timedelta(weeks=1), page="/contact")
    save(4, WEDNESDAY - timedelta(weeks=2))  # This week is before the weeks in the table.
    save(5, WEDNESDAY + timedelta(weeks=1))  # This week is after the weeks in the table.
    assert tables_of(2) == {
        "All leads": {"Leads": (1, 2), "Held back": (0, 0)},
        "By page with the form": {"/start": (0, 2), "/contact": (1, 0)},
        "By page before the form": {"/hire/data-engineer": (1, 1), "(none)": (0, 1)},
        "By role": {"Welder": (1, 1), "(none)": (0, 1)},
        "By campaign (utm_campaign)": {"(none)": (1, 1), "autumn": (0, 1)},
    }


def test_held_back_leads_are_counted_apart_and_deleted_leads_are_not_counted():
    save(1, WEDNESDAY)
    save(2, WEDNESDAY, suspicion="honeypot", role="Pills")
    save(3, WEDNESDAY)
    Lead.objects.get(email="visitor3@example.com").delete()
    tables = tables_of(1)
    assert tables["All leads"] == {"Leads": (1,), "Held back": (1,)}
    assert tables["By role"] == {"Welder": (1,)}


@pytest.mark.parametrize(
    ("zone", "in_last_week", "in_this_week"),
    [
        ("UTC", "2026-11-29T23:59:59+00:00", "2026-11-30T00:00:00+00:00"),
        ("Asia/Kolkata", "2026-11-29T18:29:59+00:00", "2026-11-29T18:30:00+00:00"),
        ("America/Denver", "2026-11-30T06:59:59+00:00", "2026-11-30T07:00:00+00:00"),
    ],
)
def test_weeks_begin_on_monday_in_the_time_zone_of_the_site(settings, zone, in_last_week, in_this_week):
    settings.TIME_ZONE = zone
    save(1, datetime.fromisoformat(in_last_week))
    save(2, datetime.fromisoformat(in_this_week))
    assert tables_of(2)["All leads"]["Leads"] == (1, 1)


def test_weeks_with_a_clock_change_begin_and_end_at_midnight(settings):
    settings.TIME_ZONE = "America/Denver"  # Denver's clocks change on 1 November 2026
    *_, week = lead_counts.last_weeks(3, datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert week.start == datetime(2026, 10, 26, 6, tzinfo=UTC)
    assert week.end == datetime(2026, 11, 2, 7, tzinfo=UTC)


def test_weeks_are_named_as_in_iso_8601():
    names = [week.name for week in lead_counts.last_weeks(3, datetime(2027, 1, 6, tzinfo=UTC))]
    assert names == ["2026-W52", "2026-W53", "2027-W01"]


def test_rare_values_are_summed_up(monkeypatch):
    for number in range(lead_counts.MAX_ROWS + 3):
        save(number, WEDNESDAY, role=f"Role {number:02}")
    save(99, WEDNESDAY, role="Role 05")
    rows = list(tables_of(1)["By role"].items())
    assert rows[0] == ("Role 05", (2,))
    assert rows[-1] == ("(3 others)", (3,))
    assert sum(counts[0] for _, counts in rows) == lead_counts.MAX_ROWS + 4
    monkeypatch.setattr(lead_counts, "MAX_ROWS", lead_counts.MAX_ROWS + 2)
    assert list(tables_of(1)["By role"].items())[-1] == ("(1 other)", (1,))


def test_one_query_counts_all_leads_and_uses_the_index_of_the_time():
    for number in range(5):
        save(number, WEDNESDAY, role=f"Role {number}")
    with CaptureQueriesContext(connection) as queries:
        tables_of(12)
    assert len(queries) == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "sent_at" in plan


def test_the_page_shows_the_tables(admin_client):
    save(1, timezone.now(), role="<b>Smith</b>", campaign={"utm_campaign": "autumn"})
    response = admin_client.get(URL)
    tables = page_tables(response)
    assert tables["By role"]["<b>Smith</b>"][0] == tables["By campaign (utm_campaign)"]["autumn"][0] == "1"
    assert len(tables["By role"]["<b>Smith</b>"]) == 1 + 12
    assert len(page_tables(admin_client.get(URL + "?weeks=52"))["All leads"]["Leads"]) == 1 + 52
    assert len(page_tables(admin_client.get(URL + "?weeks=9999"))["All leads"]["Leads"]) == 1 + 12


def test_the_head_of_a_column_is_the_monday_of_its_week(admin_client):
    response = admin_client.get(URL)
    heads = BeautifulSoup(response.content, "html.parser").select("#table-1 thead th")
    assert [head.get_text() for head in heads[2:]] == [f"{week.start:%-d %b}" for week in response.context["weeks"]]


def test_a_table_without_leads_has_no_columns(admin_client):
    soup = BeautifulSoup(admin_client.get(URL).content, "html.parser")
    assert [part.p.get_text() for part in soup.select(".module:not(:has(table))")] == ["No leads in these weeks"] * 4


def test_the_csv_file_has_a_row_for_each_combination(admin_client):
    now = timezone.now()
    save(1, now, campaign={"utm_campaign": "=1+1"})
    save(2, now, campaign={"utm_campaign": "=1+1"})
    save(3, now, suspicion="honeypot")
    response = admin_client.get(URL + "?format=csv")
    (week,) = lead_counts.last_weeks(1, now)
    assert response["Content-Disposition"] == f'attachment; filename="leads-per-week-{week.name}.csv"'
    header, *rows = csv.reader(StringIO(response.content.decode("utf-8-sig")))
    assert header == list(lead_counts.CSV_COLUMNS)
    source = ["/start", "/hire/data-engineer", "Welder"]
    days = [week.name, f"{week.start:%Y-%m-%d}"]
    assert sorted(rows) == sorted([[*days, *source, "", "yes", "1"], [*days, *source, "'=1+1", "no", "2"]])
    assert "example.com" not in response.content.decode()


def test_the_page_is_read_only(admin_client):
    for path in ("add/", "1/change/", "1/delete/", "1/history/"):
        assert admin_client.get(URL + path).status_code == 404
    assert "/leadcount/add/" not in admin_client.get("/desk/").content.decode()
