"""While a program saves a file, and while site.toml has errors, the site keeps the last version that it read."""

import logging

import pytest

from pages.content import lazy_page, library, unfinished_saves
from pages.content.lazy_page import DocumentRemoved
from pages.content.library import Library
from pages.media import artifacts
from pages.publish.watcher import Watcher
from pages.repository import current, valid_settings
from tests.support.sample_images import camera_jpeg

from ...conftest import SEED_URL
from .test_edits import PAGE

BROKEN = 'name = "Broken"\nheader = ["/hire"\n'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>'


class Clock:
    now = 100.0


@pytest.fixture
def clock(content, monkeypatch):
    """A clock that stands still until `get_library` waits or a test changes the time."""
    clock = Clock()
    monkeypatch.setattr(unfinished_saves, "HOLD_SECONDS", 1.5)
    monkeypatch.setattr(unfinished_saves, "monotonic", lambda: clock.now)
    monkeypatch.setattr(current, "monotonic", lambda: clock.now)
    monkeypatch.setattr(current, "sleep", lambda seconds: setattr(clock, "now", clock.now + seconds))
    return clock


def test_in_development_a_request_waits_for_the_save(client, content, clock, monkeypatch):
    assert client.get(SEED_URL).status_code == 200
    path = content / "hire" / "machine-learning-engineer.md"
    text = path.read_text()
    path.write_text("")
    monkeypatch.setattr(
        current, "sleep", lambda seconds: path.write_text(text.replace("Headline:** ", "Headline:** New "))
    )
    assert "<span>New " in client.get(SEED_URL).content.decode()


def test_in_development_a_request_for_a_deleted_document_gets_404(client, content, clock):
    assert client.get(SEED_URL).status_code == 200
    (content / "hire" / "machine-learning-engineer.md").unlink()
    assert client.get(SEED_URL).status_code == 404
    assert clock.now >= 101.5


def test_a_request_never_waits_long_for_a_constantly_changing_file(client, content, clock, monkeypatch):
    assert client.get(SEED_URL).status_code == 200
    path = content / "hire" / "machine-learning-engineer.md"
    path.write_text("#")

    def sleep(seconds):
        clock.now += seconds
        path.write_text(path.read_text() + "#")

    monkeypatch.setattr(current, "sleep", sleep)
    assert client.get(SEED_URL).status_code == 200
    assert clock.now < 104


def test_changes_before_the_site_starts_take_effect_at_once(content, clock):
    (content / "pricing.md").unlink()  # `current` still has the library from before this deletion
    assert "/pricing" not in current.refresh().pages


def test_a_renamed_document_is_not_reported_as_a_duplicate_url(content, clock, caplog):
    current.refresh()
    (content / "pricing.md").rename(content / "prices.md")
    (content / "hire" / "empty.md").write_text("")
    assert "/pricing" in current.refresh().pages
    assert not caplog.records
    clock.now += 1.5
    assert current.has_due_saves()
    assert current.refresh().pages["/pricing"].path == "content/prices.md"
    assert not current.has_due_saves()
    messages = [record.getMessage() for record in caplog.records]
    assert any("empty-document" in message for message in messages)
    assert not any("doubled-url" in message for message in messages)


def test_the_publisher_is_woken_when_the_wait_for_a_save_ends(content, clock):
    current.refresh()
    (content / "pricing.md").unlink()
    watcher = Watcher(content, reload=True)
    current.refresh()
    assert not watcher.has_changes()
    clock.now += 1.5
    watcher._next_poll = 0
    assert watcher.has_changes()


def test_images_are_served_while_they_are_saved(client, content, clock, settings):
    (content / "images").mkdir(exist_ok=True)
    files = {"photo.jpg": camera_jpeg(), "drawing.svg": SVG}
    for name, raw in files.items():
        (content / "images" / name).write_bytes(raw)
    for _ in artifacts.build(artifacts.all_artifacts(current.refresh())):
        pass
    before = {name: body(client.get(f"/images/{name}")) for name in files}
    assert before["drawing.svg"] == SVG
    settings.CONTENT_RELOAD = False
    for name in files:
        (content / "images" / name).write_bytes(b"<svg")
    current.refresh()
    assert {name: body(client.get(f"/images/{name}")) for name in files} == before
    for name in files:
        (content / "images" / name).unlink()
    current.refresh()
    assert {name: body(client.get(f"/images/{name}")) for name in files} == before
    clock.now += 1.5
    current.refresh()
    assert {client.get(f"/images/{name}").status_code for name in files} == {404}


def body(response):
    assert response.status_code == 200
    return b"".join(response)


def test_dynamic_pages_keep_their_text_when_their_documents_change(content):
    lazy = library.load(content, lazy=True)
    dynamic = {url for url, page in lazy.pages.items() if page.form or page.calculator or page.question_banks}
    forms = {url for url, page in lazy.pages.items() if page.form}
    assert forms and SEED_URL not in dynamic
    lazy_page._full_pages.clear()
    for path in content.rglob("*.md"):
        path.write_text("")
    assert all(lazy.pages[url].full.digest == lazy.pages[url].digest for url in dynamic)
    with pytest.raises(DocumentRemoved):
        lazy.pages[SEED_URL].full  # noqa: B018


def test_settings_are_kept_across_a_restart(client, content, caplog):
    before = client.get("/hire/nothing").content.decode()
    assert 'href="/pricing"' in before and valid_settings.read("site.toml") == (content / "site.toml").read_text()
    (content / "site.toml").write_text(BROKEN)
    for _ in range(2):
        caplog.clear()
        assert client.get("/hire/nothing").content.decode() == before
        assert current.site_settings().name == "LayersRank" and current.site_settings().email
        (record,) = [record for record in caplog.records if "content/site.toml:" in record.getMessage()]
        assert record.levelno == logging.ERROR and "uses the last valid settings" in record.getMessage()
        current.reset()
    (content / "site.toml").write_text('name = "Another"\n')
    assert "Another" in client.get("/hire/nothing").content.decode()
    assert valid_settings.read("site.toml") == 'name = "Another"\n'


def test_facts_are_kept_across_a_restart(client, content):
    before = client.get("/hire/nothing").content.decode()
    assert "info@the-algo.com" in before and valid_settings.read("facts.toml") == (content / "facts.toml").read_text()
    (content / "facts.toml").write_text(BROKEN)
    for _ in range(2):
        assert client.get("/hire/nothing").content.decode() == before
        assert current.site_settings().email == "info@the-algo.com"
        current.reset()


def test_errors_in_site_toml_are_logged_again_after_a_restart(content, caplog, monkeypatch):
    (content / "site.toml").write_text(BROKEN)
    of_last_run: Library = current.refresh()
    current.reset()
    monkeypatch.setattr(current, "_is_lazy", False)
    caplog.clear()
    current.use_lazy_pages(of_last_run)
    assert current.refresh() is of_last_run
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "content/site.toml:" in caplog.text
    current.refresh()
    assert len(caplog.records) == 1


def test_stored_settings_are_ignored_if_they_are_damaged_or_belong_to_another_folder(content, settings, tmp_path):
    current.refresh()
    (stored,) = settings.DATA_DIR.glob("valid-site.toml-*")
    settings.CONTENT_DIR = tmp_path / "other"
    assert valid_settings.read("site.toml") == ""
    settings.CONTENT_DIR = content
    stored.write_bytes(stored.read_bytes()[:-1])
    assert valid_settings.read("site.toml") == ""
    valid_settings.write("site.toml", PAGE)
    assert valid_settings.read("site.toml") == PAGE


def test_a_full_disk_does_not_stop_the_site(content, settings, tmp_path, caplog):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("")
    assert current.refresh().pages
    assert "can't be stored" in caplog.text
