"""Test the calendar of planned changes: its address, who may read it, and its events."""

import logging

import pytest

from pages.content_admin import calendar_feed

PLANNED = "/desk/pages/document/planned/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(editor, write, settings):
    settings.SITE_URL = "https://www.example.com"
    write("/later", "Publish: 2026-12-05 09:00 +05:30")
    return calendar_feed.address_for(editor.user).removeprefix(settings.SITE_URL)


def test_the_address_works_without_a_login(editor, address):
    assert f"https://www.example.com{address}" in editor.get(PLANNED).content.decode()
    editor.logout()
    response = editor.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    text = response.content.decode().replace("\r\n ", "")
    assert "SUMMARY:Goes live: Title of /later\r\n" in text
    assert "DTSTART:20261205T033000Z\r\n" in text
    assert "URL:https://www.example.com/later\r\n" in text
    assert "DESCRIPTION:File: content/later.md\r\n" in text


def test_an_event_keeps_its_id_if_its_time_changes(editor, address, write):
    def ids():
        return [line for line in editor.get(address).content.decode().splitlines() if line.startswith("UID:")]

    before = ids()
    write("/later", "Publish: 2026-12-07 09:00 +05:30")
    assert len(before) == 1 and ids() == before


def new_password(user):
    user.set_password("another password of many letters")
    user.save()


def deactivate(user):
    user.is_active = False
    user.save()


def take_staff_status(user):
    user.is_staff = False
    user.save()


@pytest.mark.parametrize(
    "revoke",
    [new_password, deactivate, take_staff_status, lambda user: user.groups.clear(), lambda user: user.delete()],
)
def test_the_address_stops_working_with_the_access(editor, address, revoke):
    revoke(editor.user)
    assert editor.get(address).status_code == 404


@pytest.mark.parametrize("query", ["", "?key=", "?key=x:y:z", "?other=1", "?key=%00"])
def test_a_wrong_key_is_answered_like_a_missing_page(client, write, query):
    write("/later", "Publish: 2026-12-05 09:00 +05:30")
    response, missing = client.get("/planned.ics" + query), client.get("/planned-nothing.ics")
    assert response.status_code == missing.status_code == 404
    assert response["Content-Type"] == missing["Content-Type"]
    assert b"later" not in response.content


def test_a_key_that_was_signed_for_something_else_is_refused(editor, address):
    key = address.partition("=")[2]
    assert editor.get(f"/planned.ics?key={key[:-1]}{'A' if key[-1] != 'A' else 'B'}").status_code == 404


def test_the_log_has_no_key(editor, address, caplog):
    caplog.set_level(logging.DEBUG)
    editor.get(address)
    editor.get(address + "x")
    key = address.partition("=")[2]
    assert not any(key in record.getMessage() for record in caplog.records)


def test_the_calendar_accepts_no_posts(editor, address):
    assert editor.post(address).status_code == 405
