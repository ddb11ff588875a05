"""Test the list of documents and the list of planned changes in the admin."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.publish import content_status, release
from pages.publish.content_status import ContentStatus
from pages.repository import current, document_reports

from ..leads.conftest import text_of

URL, PLANNED = "/desk/pages/document/", "/desk/pages/document/planned/"

pytestmark = pytest.mark.django_db


def rows_of(response):
    """Return the rows of the list, keyed by the document's path. Each row is a list of its cells' texts."""
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    rows = [row for row in soup.select("#result_list tbody tr") if row.th]
    return {
        row.select_one(".quiet").get_text(): [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        for row in rows
    }


def states(response):
    return {path: cells[0] for path, cells in rows_of(response).items()}


def names(client, query=""):
    return [path.removeprefix("content/").removesuffix(".md") for path in rows_of(client.get(URL + query))]


def test_the_list_shows_the_state_of_each_document(editor, write):
    write("/live")
    write("/draft", "Status: draft")
    write("/typo", "Status: drfat")
    write("/later", "Publish: 2026-12-05 09:00 +05:30")
    write("/event", "Expires: 2026-12-31 18:00 +05:30")
    write("/over", "Expires: 2026-11-30 18:00 +05:30")
    write("/hidden", "Robots: noindex")
    write("/copy").write_text(write("/live").read_text())
    assert states(editor.get(URL)) == {
        "content/copy.md": "not a page, because another document has its URL",
        "content/draft.md": "draft",
        "content/event.md": "live, expires on 2026-12-31 12:30 UTC",
        "content/hidden.md": "live, noindex",
        "content/later.md": "scheduled for 2026-12-05 03:30 UTC",
        "content/live.md": "live",
        "content/over.md": "expired on 2026-11-30 12:30 UTC",
        "content/typo.md": "draft, because META has a mistake",
    }


def test_the_list_shows_links_and_problems_with_their_messages(editor, write):
    write("/a", text="[To b](/b), [again](/b), [nowhere](/nowhere)")
    write("/b")
    rows = rows_of(editor.get(URL))
    assert rows["content/a.md"][2:4] == ["0", "1"]
    assert rows["content/b.md"][2:4] == ["1", "0"]
    assert re.match(r"\d problems, 1 error ", rows["content/a.md"][1])
    assert "error (broken-link): This link leads to /nowhere, but no page has that URL." in rows["content/a.md"][1]


def test_the_list_shows_files_with_problems_that_are_not_documents(editor, write, folder):
    write("/a")
    (folder / "site.toml").write_text('header = ["/missing"]\n[calls_to_action]\n')
    row = rows_of(editor.get(URL))["content/site.toml"]
    assert row[0] == "not a page"
    assert "/missing" in row[1]


def test_filters_search_and_order(editor, write):
    write("/a", text="[To b](/b)")
    write("/b", "Robots: noindex", text="[To a](/a), [nowhere](/nowhere)")
    write("/hire/c", "Status: draft", text="[To a](/a), [To b](/b)")
    assert names(editor) == ["a", "b", "hire/c"]
    assert names(editor, "?state=draft") == ["hire/c"]
    assert names(editor, "?state=live") == ["a", "b"]
    assert names(editor, "?state=live&problems=errors") == names(editor, "?state=noindex") == ["b"]
    assert names(editor, "?q=HIRE+title") == ["hire/c"]
    assert names(editor, "?q=nothing") == []
    assert names(editor, "?o=problems")[0] == "b"
    assert names(editor, "?o=links_out")[0] == "a" and names(editor, "?o=links_in")[0] == "hire/c"
    assert names(editor, "?state=x&problems=y&o=z&p=x") == ["a", "b", "hire/c"]


def test_filters_keep_each_other_and_the_search(editor, write):
    write("/a")
    soup = BeautifulSoup(editor.get(URL + "?state=live&q=a&p=1").content, "html.parser")
    links = [link["href"] for link in soup.select("#changelist-filter a")]
    assert "?state=live&q=a&problems=errors" in links
    assert [link.get_text() for link in soup.select("#changelist-filter .selected a")] == ["Live", "All"]
    assert soup.select_one("#changelist-search [name=state]")["value"] == "live"


def test_long_lists_have_pages(editor, write, monkeypatch):
    monkeypatch.setattr("pages.admin.ROWS_PER_PAGE", 2)
    for name in "abcde":
        write(f"/{name}")
    assert names(editor, "?q=title+of") == ["a", "b"]
    assert names(editor, "?q=title+of&p=3") == names(editor, "?q=title+of&p=99") == ["e"]
    soup = BeautifulSoup(editor.get(URL + "?q=title+of&p=2").content, "html.parser")
    assert [link["href"] for link in soup.select(".paginator a")] == ["?q=title+of&p=1", "?q=title+of&p=3"]
    assert "Page 2 of 3" in soup.select_one(".paginator").get_text()


def test_more_documents_need_no_more_queries(editor, write):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            editor.get(URL)
        return len(queries)

    write("/page-0")
    count = count_queries()
    for number in range(30):
        write(f"/page-{number}", text="[To 1](/page-1)")
    assert count_queries() == count


def test_documents_link_to_the_online_editor(editor, write, settings):
    write("/a b", "Status: draft")
    assert b"changelink" not in editor.get(URL).content
    settings.CONTENT_EDIT_URL = "https://github.com/example/site/edit/main/content"
    soup = BeautifulSoup(editor.get(URL).content, "html.parser")
    assert settings.CONTENT_EDIT_URL + "/a%20b.md" in [link["href"] for link in soup.select(".changelink")]


def test_the_list_names_the_revision_of_the_content(editor, write, monkeypatch):
    write("/a")
    assert "Revision of the content" not in text_of(editor.get(URL).content)
    monkeypatch.setattr(content_status, "read", lambda path: ContentStatus(revision="abc123 + edits"))
    assert "Revision of the content: abc123 + edits" in text_of(editor.get(URL).content)


def test_text_of_documents_is_escaped(editor, write):
    write("/a", "Title: <script>alert(1)</script>", text="[<b>x</b>](/<script>)")
    assert b"<script>alert" not in editor.get(URL).content


# Reports by the publisher


@pytest.fixture
def reports_path(settings, monkeypatch):
    monkeypatch.setattr(current, "follows_snapshot", lambda: True)
    path = release.document_reports_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write_reports(path):
    library = current.get_library()
    document_reports.write(path, library, library.all_problems)


def test_before_the_first_check_the_list_has_only_states(editor, write, reports_path):
    write("/a")
    response = editor.get(URL)
    assert "The documents are being checked." in text_of(response.content)
    assert rows_of(response) == {"content/a.md": ["live", "", "", "", ""]}


def test_until_all_documents_have_been_read_the_list_says_that_it_is_not_complete(
    editor, write, reports_path, monkeypatch
):
    write("/a")
    incomplete = replace(current.get_library(), documents={}, is_complete=False)
    monkeypatch.setattr(current, "get_library", lambda: incomplete)
    assert "this list isn’t complete yet" in text_of(editor.get(URL).content)


def test_the_list_shows_what_the_check_has_written(editor, write, reports_path):
    write("/a", text="[Nowhere](/nowhere)")
    write_reports(reports_path)
    assert "/nowhere" in rows_of(editor.get(URL))["content/a.md"][1]


def test_changed_and_deleted_documents_are_noticed_before_the_next_check(editor, write, reports_path):
    write("/a", text="[Nowhere](/nowhere)")
    deleted = write("/b", text="[Nowhere](/nowhere)")
    write_reports(reports_path)
    write("/a", text="Better words.")
    deleted.unlink()
    current.reset()
    rows = rows_of(editor.get(URL))
    assert rows["content/a.md"][1] == "being checked"
    assert "content/b.md" not in rows


# Planned changes


def test_planned_changes_are_those_of_the_next_thirty_days(editor, write, folder):
    write("/later", "Publish: 2026-12-05 09:00 +05:30", "Expires: 2026-12-20 18:00 Z")
    write("/next-year", "Publish: 2027-01-05")
    write("/past", "Publish: 2026-11-05")
    write("/draft", "Status: draft", "Publish: 2026-12-06")
    (folder / "site.toml").write_text(
        '[calls_to_action]\n[banner]\ntext = "Closed on Friday"\nfrom = "2026-12-10 00:00"\nuntil = "2026-12-11"\n'
    )
    soup = BeautifulSoup(editor.get(PLANNED).content, "html.parser")
    assert [[cell.get_text() for cell in row.select("th, td")] for row in soup.select("tbody tr")] == [
        ["Sat 2026-12-05 03:30", "Goes live", "Title of /later", "/later", "content/later.md"],
        ["Thu 2026-12-10 00:00", "Banner appears", "Closed on Friday", "/", "content/site.toml"],
        ["Sat 2026-12-12 00:00", "Banner ends", "Closed on Friday", "/", "content/site.toml"],
        ["Sun 2026-12-20 18:00", "Expires", "Title of /later", "/later", "content/later.md"],
    ]


def test_without_plans_the_page_says_so(editor, write):
    write("/a")
    assert "Nothing is planned" in text_of(editor.get(PLANNED).content)


# Permissions


@pytest.mark.parametrize("url", [URL, URL + "?q=a", PLANNED])
def test_users_of_the_group_leads_see_no_documents(client, log_in_as, write, url):
    write("/secret", "Publish: 2026-12-05")
    assert client.get(url).headers["Location"].startswith("/desk/login/")
    response = log_in_as("Leads").get(url)
    assert response.status_code == 403
    assert b"secret" not in response.content
    assert client.get("/desk/pages/").status_code == 404
    assert b"/desk/pages/" not in client.get("/desk/").content


def test_documents_can_only_be_seen(editor, admin_client, write):
    write("/a")
    for path in ("add/", "1/change/", "1/delete/", "1/history/"):
        assert editor.get(URL + path).status_code == admin_client.get(URL + path).status_code == 404
    index = admin_client.get("/desk/").content.decode()
    assert URL in index and URL + "add/" not in index


@pytest.mark.parametrize("url", [URL, PLANNED, "/desk/leads/leadcount/"])
def test_pages_comply_with_the_content_security_policy(admin_client, write, url):
    write("/a", text="[Nowhere](/nowhere)")
    response = admin_client.get(url)
    soup = BeautifulSoup(response.content, "html.parser")
    assert [script for script in soup.select("script") if not script.get("src")] == []
    assert soup.select("style") == soup.select("[style]") == []
