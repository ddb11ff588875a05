"""See in the admin what is planned, and what is wrong with each page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group


@pytest.fixture
def log_in(db, marketer, django_user_model):
    """Log in to the admin as a user of the group “Content”."""
    user = django_user_model.objects.create_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name="Content"))
    marketer.client.force_login(user, "django.contrib.auth.backends.ModelBackend")


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
