"""Users of the group “Content” create, copy and revoke preview links in the admin."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from pages.models import PreviewLink

from .conftest import NOW

LIST, ADD = "/desk/pages/previewlink/", "/desk/pages/previewlink/add/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("write")]


def errors(response):
    return " ".join(item.get_text() for item in BeautifulSoup(response.content, "html.parser").select(".errorlist li"))


def test_a_user_creates_a_link_and_copies_it(log_in_as, settings):
    settings.SITE_URL = "https://www.example.com"
    client = log_in_as("Content")
    data = {"address": "/Hire/SRE/", "period": "2d", "at": "2026-12-01 09:00 +05:30"}
    response = client.post(ADD, data, follow=True)
    link = PreviewLink.objects.get()
    assert link.address == "/hire/sre" and link.created_by.username == "Content"
    assert link.expires_at == NOW + timedelta(days=2) and link.at == datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
    url = BeautifulSoup(response.content, "html.parser").select_one(".field-link .readonly").get_text()
    assert url.startswith("https://www.example.com/preview/") and url.endswith("/hire/sre")
    assert url.split("/")[4] not in client.get(LIST).text


def test_the_list_has_the_number_of_each_link_and_names_the_time_zone(log_in_as, create):
    (link, _), (later, _) = create(), create("/", at=datetime(2026, 12, 1, 3, 30, tzinfo=UTC))
    soup = BeautifulSoup(log_in_as("Content").get(LIST).content, "html.parser")
    rows = {row.select_one(".field-number").get_text(): row for row in soup.select("#result_list tbody tr")}
    assert rows.keys() == {str(link.pk), str(later.pk)}
    assert "the site as if /hire/sre were live" in rows[str(link.pk)].get_text()
    assert "the site as it will be on 2026-12-01 03:30 UTC" in rows[str(later.pk)].get_text()
    assert rows[str(link.pk)].select_one(".field-works_until").get_text() == "2026-11-08 12:00 UTC"


def test_a_user_hears_that_a_page_is_live(log_in_as):
    data = {"address": "/pricing", "period": "7d", "at": ""}
    client = log_in_as("Content")
    assert "This page is live" in client.post(ADD, data, follow=True).text
    data["at"] = "2026-12-01"
    assert "This page is live" not in client.post(ADD, data, follow=True).text


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("address", "/hire/sri", "Did you mean /hire/sre?"),
        ("address", "nonsense", "Write a page's URL"),
        ("period", "a week", "such as 30m, 12h, 7d or 2w"),
        ("period", "91d", "at most 90 days"),
        ("at", "1 Dec 2026 09:00 IST", "Write it like 2026-12-01 09:00 +05:30"),
        ("at", "2026-10-01", "This time has passed"),
        ("at", "soon", "Write it like 2026-12-01 09:00 +05:30"),
    ],
)
def test_a_mistake_in_the_form_is_explained(log_in_as, field, value, error):
    response = log_in_as("Content").post(ADD, {"address": "/hire/sre", "period": "7d", "at": "", field: value})
    assert error in errors(response) and not PreviewLink.objects.exists()


def test_links_are_revoked_one_by_one_or_all_at_once(log_in_as, create):
    client, (first, path), (_, second) = log_in_as("Content"), create(), create("/pricing")
    client.post(LIST, {"action": "revoke", "_selected_action": [first.pk]})
    assert client.get(path).status_code == 404 and client.get(second).status_code == 200
    client.post(LIST, {"action": "revoke", "_selected_action": [first.pk], "select_across": "1"})
    assert client.get(second).status_code == 404
    assert path.split("/")[2] not in client.get(f"{LIST}{first.pk}/change/").text


def test_links_are_neither_changed_nor_deleted(log_in_as, create):
    client, (link, _) = log_in_as("Content"), create()
    assert client.post(f"{LIST}{link.pk}/change/", {"address": "/"}).status_code == 403
    assert client.post(f"{LIST}{link.pk}/delete/", {"post": "yes"}).status_code == 403


def test_users_of_the_group_leads_have_no_preview_links(log_in_as, create):
    client, (link, _) = log_in_as("Leads"), create()
    for url in (LIST, ADD, f"{LIST}{link.pk}/change/", f"{LIST}{link.pk}/history/"):
        assert client.get(url).status_code == 403
    assert client.post(LIST, {"action": "revoke", "_selected_action": [link.pk]}).status_code == 403
    assert "previewlink" not in client.get("/desk/").text


def test_the_list_of_documents_offers_a_preview_link(log_in_as):
    client = log_in_as("Content")
    offered = f"{ADD}?address=/hire/sre"
    soup = BeautifulSoup(client.get("/desk/pages/document/").content, "html.parser")
    assert offered in [link["href"] for link in soup.select("a.viewlink")]
    form = BeautifulSoup(client.get(offered).content, "html.parser")
    assert form.select_one("#id_address")["value"] == "/hire/sre"
