"""See in the admin what is planned, and what is wrong with each page."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def log_in(marketer, log_in_as):
    """Log in to the admin as a user of the group “Content”."""
    marketer.client = log_in_as("Content")


def test_see_when_a_page_goes_live_and_put_it_into_the_calendar(marketer, log_in):
    day = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"
    marketer.write_page("event", meta=f"Publish: {day}\n", name="Meet Us")
    planned = marketer.page("/desk/pages/document/planned/")
    assert f"{day} 00:00" in planned.get_text() and "content/event.md" in planned.get_text()
    address = planned.select_one("#calendar-address")["value"]
    marketer.client.logout()
    calendar = marketer.get(address.partition("8000")[2])
    assert "SUMMARY:Goes live: Meet Us" in calendar.text


def test_see_the_problems_of_a_page_without_the_checker(marketer, log_in):
    marketer.edit("pricing.md", "Words.", "[Here](/nowhere)")
    documents = marketer.page("/desk/pages/document/?problems=errors")
    assert [cell.get_text() for cell in documents.select("#result_list .quiet")] == ["content/pricing.md"]
    assert "This link leads to /nowhere" in documents.get_text()
