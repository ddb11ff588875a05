"""A form whose page expires while a visitor fills it in: no lead is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.models import Lead
from pages import clock

from .conftest import START, submit, submit_invalid, text_of

END = datetime(2999, 12, 31, 12, 30, tzinfo=UTC)

# On PostgreSQL, leads are saved by another connection, which a rollback doesn't reach.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def after(content):
    """Let the page with the form expire at END. Return a function that sets the clock to END plus some hours."""
    path = content / "start.md"
    path.write_text(path.read_text().replace("Title:", "Expires: 2999-12-31 18:00 +05:30\nTitle:", 1))
    return lambda hours: clock.fixed_at(END + timedelta(hours=hours))


def test_a_form_can_be_sent_for_a_day_after_the_page_expired(client, after):
    with after(-1):
        assert client.get(START).status_code == 200
    with after(1):
        assert client.get(START).status_code == 410
        response = submit(client)
        assert response.status_code == 303 and Lead.objects.count() == 1
        assert client.get(response["Location"]).status_code == 200
    with after(25):
        assert client.get(response["Location"]).status_code == 410
        assert submit(client).status_code == 410 and Lead.objects.count() == 1


def test_a_form_with_an_error_can_be_corrected(client, after):
    with after(1):
        page = submit_invalid(client, email="no address")
        assert page.status_code == 200 and "email" in text_of(page.content)
        assert submit(client).status_code == 303 and Lead.objects.count() == 1


def test_the_page_is_gone_for_everyone_who_did_not_send_the_form(client, after):
    with after(1):
        for query in ("", "?sent=", "?sent=made-up", "?utm_source=mail"):
            assert client.get(START + query).status_code == 410
