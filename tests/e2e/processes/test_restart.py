"""Test that the site, right after a start, serves the folder's current documents or asks visitors to wait."""

import shutil
from datetime import UTC, datetime

import pytest

from pages.content import library
from pages.publish.release import search_index_path, snapshot_path
from pages.repository import current, snapshot
from pages.repository.visible_pages import VisiblePages
from pages.search import index, service
from tests.conftest import SEED_URL, serving

ONE_WORKER = {"SITE_URL": "http://127.0.0.1:8000", "WEB_CONCURRENCY": "1"}
NEW = "# Compare\n## /compare\n\n## META\n\n```\nTitle: Compare\n```\n\n## A SECTION\n\nA comparison of zeppelins.\n"


@pytest.fixture
def last_run(content, monkeypatch):
    """The snapshot and search index of the site's previous run. Since then, one page was added and one removed."""
    before = library.load(content, lazy=True)
    published = VisiblePages(before, datetime.now(UTC), drafts=False).pages()
    snapshot.write(snapshot_path(), before)
    database = index.open_for_writing(search_index_path())
    with database:
        for page in published:
            index.put(database, page)
    (content / "compare.md").write_text(NEW)
    (content / "terms.md").unlink()
    monkeypatch.setattr(current, "_snapshot", snapshot.SnapshotReader(snapshot_path(), content))
    monkeypatch.setattr(service, "_index_path", search_index_path())
    monkeypatch.setattr(service, "_has_caught_up", False)
    monkeypatch.setattr(service, "_current", None)
    yield database
    database.close()


def test_a_page_added_since_the_last_run_is_served(last_run, client):
    assert client.get("/compare").status_code == 200
    assert client.get(SEED_URL).status_code == 200
    assert client.get("/terms").status_code == client.get("/nothing").status_code == 404


def test_only_changed_documents_are_read_at_startup(last_run, content, monkeypatch):
    read, paths = library.read_document, []
    monkeypatch.setattr(library, "read_document", lambda *args, **limit: paths.append(args[-1]) or read(*args, **limit))
    assert "/compare" in current.get_library().pages
    assert paths == [content / "compare.md"]


def test_unknown_urls_get_503_with_retry_after_if_many_documents_changed(last_run, client, monkeypatch):
    monkeypatch.setattr(snapshot, "SMALL_LIBRARY", 0)
    assert client.get(SEED_URL).status_code == 200
    answer = client.get("/compare")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


def test_the_publishers_snapshot_replaces_the_library_of_the_last_run(last_run, content):
    assert "/compare" in current.get_library().pages
    (content / "compare.md").unlink()
    assert "/compare" in current.get_library().pages
    snapshot.write(snapshot_path(), library.load(content, lazy=True))
    assert "/compare" not in current.get_library().pages


def test_search_finds_a_page_added_since_the_last_run(last_run, client):
    assert b'href="/compare' in client.get("/search?q=zeppelins").content
    with last_run:
        index.remove(last_run, "/terms")
        index.put(last_run, current.get_library().pages["/compare"])
    assert b'href="/compare' in client.get("/search?q=zeppelins").content
    assert service._has_caught_up and service._current is None


def test_search_without_an_index_file_finds_pages(last_run, client):
    search_index_path().unlink()
    answer = client.get("/search?q=zeppelins")
    assert answer.status_code == 200 and b'href="/compare' in answer.content


def test_new_pages_are_served_and_found_by_search_right_after_a_restart(tmp_path):
    with serving(tmp_path, **ONE_WORKER) as server:
        assert server.get("/search?q=engineer").status == 200
        server.published("/llms.txt")
    (tmp_path / "content" / "compare.md").write_text(NEW)
    with serving(tmp_path, **ONE_WORKER) as server:
        assert server.get("/compare").status == 200
        assert "/compare" in server.get("/search?q=zeppelins").text


def test_a_server_never_sends_a_page_that_changed_while_it_was_stopped(tmp_path):
    pricing = tmp_path / "content" / "pricing.md"
    with serving(tmp_path, **ONE_WORKER) as server:
        server.published("/pricing")
        server.published("/terms")
    pricing.write_text(pricing.read_text().replace("**Headline:**", "**Headline:** Lately,"))
    (tmp_path / "content" / "terms.md").unlink()

    def is_stored(answer):
        assert "Lately" in answer.text
        assert server.get("/terms").status == 404
        return "ETag" in answer.headers

    with serving(tmp_path, **ONE_WORKER) as server:
        server.until("/pricing", is_stored)


def test_a_copied_folder_counts_as_unchanged(content, last_run):
    assert current.is_ahead_of_publisher()
    snapshot.write(snapshot_path(), library.load(content, lazy=True))
    assert not current.is_ahead_of_publisher()
    for path in content.rglob("*.md"):
        path.touch()
    current._snapshot = snapshot.SnapshotReader(snapshot_path(), content)
    assert not current.is_ahead_of_publisher()


def test_content_dir_may_be_a_symbolic_link_whose_target_is_replaced(tmp_path):
    first, second = tmp_path / "rev1", tmp_path / "rev2"
    for folder in (first, second):
        folder.mkdir()
        (folder / "site.toml").write_text('name = "Acme"\n')
    (first / "index.md").write_text("# Home\n## /\n\n## A SECTION\n\nRevision one.\n")
    (second / "index.md").write_text("# Home\n## /\n\n## A SECTION\n\nRevision two.\n")
    (first / "environ.md").symlink_to("/proc/self/environ")
    (tmp_path / "content").symlink_to("rev1")
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        server.published("/")
        assert "Revision one" in server.get("/").text
        answer = server.get("/environ")
        assert answer.status == 404 and "SECRET_KEY" not in answer.text
        (tmp_path / "next").symlink_to("rev2")
        (tmp_path / "next").replace(tmp_path / "content")
        server.until("/", lambda answer: "Revision two" in answer.text)
        shutil.rmtree(first)
        assert "Revision two" in server.get("/").text
        assert server.get("/readyz").text.count("there are no documents") == 0
