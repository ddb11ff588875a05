"""Test the list of addresses without a page: how visits are counted, and what the list shows."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from pages.content_admin import missing_addresses
from pages.http import missing_counts
from pages.http.missing_counts import MissingCounts
from pages.models import MissingAddress

LIST = "/desk/pages/missingaddress/"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Accept": "text/html,*/*;q=0.8"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counts(monkeypatch):
    return new_worker(monkeypatch)


def new_worker(monkeypatch):
    counts = MissingCounts()
    monkeypatch.setattr(missing_counts, "counts", counts)
    monkeypatch.setattr(missing_addresses, "counts", counts)
    return counts


def visit(client, path, times=2):
    for _ in range(times):
        assert client.get(path, headers=BROWSER).status_code == 404


def rows():
    return dict(MissingAddress.objects.values_list("address", "visits"))


def text_of(response):
    return html.unescape(response.content.decode())


def test_the_admin_lists_an_address_with_the_nearest_page_and_a_line(editor, write):
    write("/hire", text="Roles.")
    write("/hire/site-reliability-engineer")
    visit(editor, "/hire/sre?email=someone@example.com", times=3)
    missing_addresses.save()
    text = text_of(editor.get(LIST))
    assert "/hire/sre" in text and "someone" not in text
    assert '<a href="/hire/site-reliability-engineer">Name of /hire/site-reliability-engineer</a>' in text
    assert '"/hire/sre" = "/hire/site-reliability-engineer"' in text
    row = MissingAddress.objects.get()
    assert (row.visits, row.first_day, row.last_day) == (3, timezone.localdate(), timezone.localdate())


def test_the_line_works_and_the_address_then_leaves_the_list(editor, folder, write):
    write("/hire/site-reliability-engineer")
    visit(editor, "/hire/sre")
    missing_addresses.save()
    line = '"/hire/sre" = "/hire/site-reliability-engineer"'
    assert line in text_of(editor.get(LIST))
    (folder / "redirects.toml").write_text(line + "\n")
    assert editor.get("/hire/sre")["Location"] == "/hire/site-reliability-engineer"
    assert "/hire/sre" not in text_of(editor.get(LIST))
    visit(editor, "/elsewhere")
    missing_addresses.save()
    assert rows() == {"/elsewhere": 2}


@pytest.mark.parametrize("meta", [(), ("Expires: 2026-11-30",)])
def test_an_address_with_a_new_page_leaves_the_list(editor, write, meta):
    visit(editor, "/webinar")
    missing_addresses.save()
    assert "/webinar" in text_of(editor.get(LIST))
    write("/webinar", *meta)
    assert "/webinar" not in text_of(editor.get(LIST))


def test_an_address_without_a_similar_page_has_a_line_too(editor, write):
    write("/hire")
    visit(editor, "/beekeepers")
    missing_addresses.save()
    assert '"/beekeepers" = "gone"' in text_of(editor.get(LIST))


def test_requests_write_nothing(client, folder, django_assert_num_queries):
    with django_assert_num_queries(0):
        visit(client, "/lost", times=3)
        missing_counts.counts.take()
        missing_addresses.save()  # nothing to save


@pytest.mark.parametrize("path", ["/preview/a-wrong-token/lost", "/planned.ics", "/desk/lost", "/wp-login.php"])
def test_other_addresses_are_not_counted(editor, folder, path):
    for _ in range(3):
        editor.get(path, headers=BROWSER)
    missing_addresses.save()
    assert rows() == {}


def test_a_removed_page_is_not_counted(client, folder):
    (folder / "redirects.toml").write_text('"/webinar" = "gone"\n')
    for _ in range(3):
        assert client.get("/webinar", headers=BROWSER).status_code == 410
    missing_addresses.save()
    assert rows() == {}


def test_the_visits_of_all_workers_are_added(client, folder, monkeypatch):
    for _ in range(3):
        new_worker(monkeypatch)
        visit(client, "/lost", times=2)
        missing_addresses.save()
    assert rows() == {"/lost": 6}


def test_visits_are_kept_while_the_database_is_down(client, folder, monkeypatch):
    def fail(*args):
        raise OperationalError

    visit(client, "/lost")
    with monkeypatch.context() as patch:
        patch.setattr(missing_addresses, "_add", fail)
        with pytest.raises(OperationalError):
            missing_addresses.save()
    visit(client, "/lost", times=1)
    missing_addresses.save()
    assert rows() == {"/lost": 3}


def test_the_list_has_a_limit_and_frequent_addresses_stay(client, folder, monkeypatch):
    monkeypatch.setattr(missing_addresses, "MAX_ROWS", 3)
    for address, times in (("/a", 5), ("/b", 3), ("/c", 2), ("/d", 2), ("/e", 4)):
        visit(client, address, times)
        missing_addresses.save()
    assert rows() == {"/a": 5, "/b": 3, "/e": 4}


def test_an_address_without_visits_leaves_the_list(client, folder):
    today = timezone.localdate()
    for address, day in (("/old", today - timedelta(days=91)), ("/recent", today - timedelta(days=90))):
        MissingAddress.objects.create(address=address, visits=9, first_day=date(2026, 1, 1), last_day=day)
    visit(client, "/lost")
    missing_addresses.save()
    assert rows() == {"/recent": 9, "/lost": 2}


def test_old_addresses_are_deleted_without_new_visits(folder):
    day = timezone.localdate() - timedelta(days=91)
    MissingAddress.objects.create(address="/old", visits=9, first_day=day, last_day=day)
    missing_addresses.save()
    assert rows() == {"/old": 9}
    missing_addresses.save(is_due=True)
    assert rows() == {}


def test_the_first_day_stays(client, folder, monkeypatch):
    visit(client, "/lost")
    missing_addresses.save()
    later = datetime.now(UTC) + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    visit(client, "/lost", times=1)
    missing_addresses.save()
    row = MissingAddress.objects.get()
    assert (row.visits, row.last_day - row.first_day) == (3, timedelta(days=3))


def test_users_who_see_no_content_see_no_addresses(folder, log_in_as):
    assert log_in_as("Leads").get(LIST).status_code == 403


def test_an_editor_can_delete_addresses_but_not_change_them(editor, folder):
    visit(editor, "/lost")
    missing_addresses.save()
    row = MissingAddress.objects.get()
    assert editor.get(f"{LIST}add/").status_code == 403
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    assert editor.post(LIST, action).status_code == 302
    assert rows() == {}
