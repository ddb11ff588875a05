"""Test unsent forms: what the site keeps after an error, how much, for how long, and who can see it."""

import gzip
import sqlite3
from datetime import timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from leads import intake, spool, unsent_forms
from leads.models import Lead, UnsentForm
from leads.outbox_worker import OutboxWorker
from leads.views import CSRF_FAILED, EXPIRED, NOT_SAVED

from .conftest import CONTACT, FORM_DATA, START, form_data, submit, text_of

SQLITE = connection.vendor == "sqlite"
NAME = "Zebulon Unsent"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fail():
    """Return a function that raises the error of an unavailable database."""

    def function(*args, **options):
        raise OperationalError("gone")

    return function


def refuse(client=None, url=START, **changes):
    """Post a form without an email address, and return the URL of the page to which the site redirects."""
    response = submit(client or Client(), url, name=NAME, email="", **changes)
    assert response.status_code == 303
    return response["Location"]


def form_of(response):
    return BeautifulSoup(response.content, "html.parser").select_one("form.lead-form")


def name_on(response):
    return form_of(response).find(attrs={"name": "name"}).get("value", "")


def make_older(age):
    UnsentForm.objects.update(saved_at=timezone.now() - age)


def test_visitor_can_leave_an_unsent_form_and_come_back():
    client = Client(enforce_csrf_checks=True)
    page = BeautifulSoup(client.get(START).content, "html.parser")
    token = page.find(attrs={"name": "csrfmiddlewaretoken"})["value"]
    location = refuse(client, csrfmiddlewaretoken=token)
    for _ in range(2):
        response = client.get(location)
        assert response.status_code == 200
        assert "Enter your email address" in text_of(response.content)
        assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
        assert name_on(response) == NAME
        client.get("/privacy")


def test_the_length_of_the_page_varies_at_random():
    """Without random padding, the length would reveal how well a guessed secret compresses (BREACH)."""
    client = Client()
    location = refuse(client)
    bodies = [client.get(location, headers={"Accept-Encoding": "gzip"}).content for _ in range(12)]
    assert all(NAME.encode() in gzip.decompress(body) for body in bodies)
    # The random padding is a file name of up to 100 bytes in the gzip header (RFC 1952, 2.3.1).
    assert len({body.index(0, 10) for body in bodies if body[3] == 8}) > 1


def test_redirect_and_direct_response_show_the_same_page(monkeypatch, fail):
    client = Client()
    kept = client.get(refuse(client))
    monkeypatch.setattr(unsent_forms, "_save_within_limits", fail)
    direct = submit(client, name=NAME, email="")
    assert (kept.status_code, direct.status_code) == (200, 422)

    def comparable(response):
        page = BeautifulSoup(response.content, "html.parser")
        for control in page.select("input[type=hidden]"):
            del control["value"]
        return page

    assert comparable(kept) == comparable(direct)


def come_back_and_send(client, response, message):
    """Follow a redirect twice, as Back and Reload do. Check the message and the visitor's name. Then send the form."""
    assert response.status_code == 303
    for _ in range(2):
        page = client.get(response["Location"])
        assert message in text_of(page.content)
        assert name_on(page) == NAME
    values = {each["name"]: each.get("value", "") for each in form_of(page).select("input")}
    assert client.post(START, values | {"consent": "on"})["Location"].startswith(f"{START}?sent=")
    assert Lead.objects.get().name == NAME


def test_visitor_can_come_back_to_a_form_that_was_not_saved(monkeypatch):
    def reject(submission):
        raise OSError(28, "No space left on device")

    client = Client()
    with monkeypatch.context() as patched:
        patched.setattr(intake, "save_to_database", reject)
        patched.setattr(spool, "append", reject)
        response = submit(client, name=NAME)
    come_back_and_send(client, response, NOT_SAVED)


def test_visitor_can_come_back_after_a_failed_csrf_check():
    client = Client(enforce_csrf_checks=True)
    client.get(START)
    response = submit(client, name=NAME, csrfmiddlewaretoken="x" * 64)
    come_back_and_send(client, response, CSRF_FAILED)


def test_each_unsent_form_has_its_own_unguessable_url():
    client = Client()
    first, second = refuse(client), refuse(client)
    assert first != second
    assert len(first.partition("unsent=")[2].partition("#")[0]) == 24
    assert "Zebulon" not in first


def test_another_browser_does_not_see_the_values():
    client = Client()
    location = refuse(client)
    stranger = Client()
    for _ in range(2):  # the second request has the cookie that the stranger got with the first response
        response = stranger.get(location)
        assert response.status_code == 200
        assert name_on(response) == ""
        assert "We keep an unsent form for only one hour" in text_of(response.content)
    assert name_on(client.get(location)) == NAME


def test_another_page_does_not_show_the_values():
    client = Client()
    query = refuse(client).partition("?")[2]
    assert name_on(client.get(f"{CONTACT}?{query}")) == ""


@pytest.mark.parametrize("form_id", ["", "x", "x" * 5_000, "\x00", "é\n", "\ud800"])
def test_unknown_ids_show_an_empty_form(form_id):
    client = Client()
    refuse(client)
    response = client.get(f"{START}?unsent={quote(form_id, errors='surrogatepass')}")
    assert response.status_code == 200
    assert name_on(response) == ""


def test_database_does_not_reveal_the_values_or_the_id():
    client = Client()
    location = refuse(client)
    (row,) = UnsentForm.objects.values()
    text = str(row)
    words = (NAME, "Zebulon", FORM_DATA["company"], client.cookies["csrftoken"].value)
    assert not [word for word in (*words, location.partition("unsent=")[2].partition("#")[0]) if word in text]


def test_values_are_not_shown_after_the_secret_key_changes(settings):
    client = Client()
    location = refuse(client)
    settings.SECRET_KEY = "another key"
    assert name_on(client.get(location)) == ""


def test_only_the_fields_of_the_form_are_kept(monkeypatch):
    saved = []
    monkeypatch.setattr(unsent_forms, "save", lambda request, url, values: saved.append(values) or "id")
    Client().post(START, form_data(email="", more="x" * 10_000, csrfmiddlewaretoken="x") | {"form_token": "forged"})
    assert saved == [FORM_DATA | {"email": "", "form_token": "", "form_error": EXPIRED}]


def test_corrected_form_creates_one_lead():
    client = Client()
    page = BeautifulSoup(client.get(refuse(client)).content, "html.parser")
    values = {each["name"]: each.get("value", "") for each in page.select("form.lead-form input")}
    response = client.post(START, values | {"email": "right@example.com", "consent": "on"})
    assert response["Location"].startswith(f"{START}?sent=")
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.opening, lead.quarantine) == (NAME, "right@example.com", "an-opening", "")


# Deletion and limits


def test_values_are_not_shown_after_an_hour(monkeypatch):
    client = Client()
    location = refuse(client)
    monkeypatch.setattr(unsent_forms, "LIFETIME", timedelta(seconds=-1))
    assert name_on(client.get(location)) == ""


def test_delivery_worker_deletes_old_forms():
    refuse()
    make_older(timedelta(minutes=59))
    OutboxWorker().run_once()
    assert UnsentForm.objects.count() == 1
    make_older(timedelta(minutes=61))
    OutboxWorker().run_once()
    assert UnsentForm.objects.count() == 0


def test_next_unsent_form_deletes_old_forms():
    refuse()
    make_older(timedelta(minutes=61))
    refuse()
    assert UnsentForm.objects.count() == 1


def test_form_over_a_limit_is_shown_directly_and_not_kept(monkeypatch, caplog):
    monkeypatch.setattr(unsent_forms, "MAX_PER_NETWORK", 2)
    monkeypatch.setattr(unsent_forms, "MAX_TOTAL", 3)
    client = Client()
    locations = [refuse(client), refuse(client)]
    response = submit(Client(), name=NAME, email="")
    assert response.status_code == 422
    assert name_on(response) == NAME
    other = {"REMOTE_ADDR": "203.0.113.9"}
    assert Client().post(START, form_data(email=""), **other).status_code == 303
    assert Client().post(START, form_data(email=""), REMOTE_ADDR="203.0.113.10").status_code == 422
    assert [name_on(client.get(location)) for location in locations] == [NAME, NAME]


def test_ipv6_networks_of_one_customer_share_a_limit(monkeypatch):
    monkeypatch.setattr(unsent_forms, "MAX_PER_NETWORK", 1)
    statuses = [
        Client().post(START, form_data(email=""), REMOTE_ADDR=f"2001:db8:{number}::1").status_code
        for number in ("1:1", "1:2", "2:1")
    ]
    assert statuses == [303, 422, 303]


def test_very_long_values_are_shown_directly_and_not_kept(settings):
    response = submit(Client(), CONTACT, name=NAME, message="x" * settings.MAX_BODY_BYTES)
    assert response.status_code == 422
    assert name_on(response) == NAME
    assert not UnsentForm.objects.exists()


# When the database fails


def test_form_is_shown_directly_if_the_database_fails(monkeypatch, caplog, fail):
    monkeypatch.setattr(unsent_forms, "_save_within_limits", fail)
    response = submit(Client(), name=NAME, email="")
    assert response.status_code == 422
    assert name_on(response) == NAME
    assert "Enter your email address" in text_of(response.content)
    assert response["Cache-Control"] == "private, no-cache"  # with no-store, the Back button would lose the values
    assert "the database failed (OperationalError): an unsent form was not kept" in caplog.text
    assert "Zebulon" not in caplog.text


def test_visitor_is_asked_to_reload_if_an_unsent_form_cannot_be_loaded(monkeypatch, caplog, fail):
    client = Client()
    location = refuse(client)
    with monkeypatch.context() as patched:
        patched.setattr(unsent_forms, "read_with_timeout", fail)
        response = client.get(location)
    assert response.status_code == 503
    assert "reload this page in a minute" in text_of(response.content)
    assert name_on(client.get(location)) == NAME
    assert "the database failed (OperationalError): an unsent form was not loaded" in caplog.text


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL locks rows, not the database")
def test_form_is_shown_directly_while_the_database_is_locked():
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 100")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert submit(Client(), name=NAME, email="").status_code == 422
        other.execute("ROLLBACK")
    finally:
        other.close()
    refuse()


@pytest.mark.parametrize("has_cookie", [True, False])
def test_form_sent_from_another_site_is_not_kept(has_cookie):
    client = Client(enforce_csrf_checks=True)
    if has_cookie:  # old browsers ignore SameSite, and send the cookie
        client.get(START)
    response = client.post(START, form_data(email=""), headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert not UnsentForm.objects.exists()
