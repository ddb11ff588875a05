"""After each publish, the log says which pages were added, changed and retired, even if the site was restarted."""

import logging

import pytest

from pages.publish import live_pages
from pages.repository import current

FACT = 'what = "A fact"\nsource = "The contract"\nconfirmed = 2026-11-29\nvalue = '
PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: {name}\nDescription: {name}.\n{meta}```\n\n{body}\n"


@pytest.fixture
def write(content, caplog):
    caplog.set_level(logging.INFO, logger="pages")
    for path in content.rglob("*.md"):
        path.unlink()

    def write_page(url, body="Words.", meta="", name="A page"):
        path = content / f"{url.strip('/') or 'index'}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(name=name, url=url, meta=meta, body=body))
        return path

    write_page("/", "**Pages under:** /hire")
    write_page("/hire/a")
    write_page("/b")
    return write_page


@pytest.fixture
def record(write, caplog):
    def record():
        """Record the visible pages, as the publisher does after a publish, and return the new lines of the log."""
        caplog.clear()
        live_pages.record(current.visible_pages())
        return [entry.getMessage() for entry in caplog.records if entry.name == live_pages.__name__]

    return record


def test_the_log_names_what_a_publish_added_changed_and_retired(write, record):
    assert record() == ["published 3 pages for the first time"]
    write("/b", "Other words.")
    write("/c")
    write("/a-draft", meta="Status: draft\n")
    assert record() == ["published: 1 added (/c), 1 changed (/b)"]
    write("/c").unlink()
    assert record() == ["published: 1 retired (/c)"]


def test_without_a_change_nothing_is_logged_or_written(write, record):
    record()
    before = live_pages.path().stat().st_mtime_ns
    write("/a-draft", meta="Status: draft\n")
    assert record() == []
    assert live_pages.path().stat().st_mtime_ns == before


@pytest.fixture
def write_settings(content, record):
    def write_settings(name, text):
        """Write a file with settings. Return what the log says about it."""
        (content / name).write_text(text)
        return record()

    (content / "site.toml").write_text('name = "LayersRank"\n')
    (content / "facts.toml").write_text("# No facts\n")
    record()
    return write_settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("site.toml", 'description = "Another description"\n'),
        ("site.toml", 'footer = ["Blog → https://blog.example.com/"]\n'),
        ("site.toml", '[banner]\ntext = "We moved."\n'),
        ("facts.toml", f'[email]\n{FACT}"new@example.com"\n'),
        ("facts.toml", f'[phone.India]\n{FACT}"+91 89624 12726"\n'),
    ],
)
def test_all_pages_change_with_a_setting_or_a_fact_that_all_of_them_show(write_settings, name, text):
    assert write_settings(name, text) == ["published: 3 changed (/ /b /hire/a)"]


def test_a_banner_changes_only_the_pages_that_show_it(write_settings):
    banner = '[banner]\ntext = "We moved."\npages = ["/b"]\n'
    assert write_settings("site.toml", banner) == ["published: 1 changed (/b)"]
    assert write_settings("site.toml", banner + "until = 2025-01-01\n") == ["published: 1 changed (/b)"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("redirects.toml", '"/former" = "/b"\n'),
        ("facts.toml", f'[price.growth]\n{FACT}"₹1,800"\n'),
        ("site.toml", 'words = ["SQL"]\n'),
    ],
)
def test_the_log_says_that_a_publish_of_settings_changed_no_page(write_settings, name, text):
    assert write_settings(name, text) == ["published changed settings, facts or redirects: no page looks different"]
    assert write_settings(name, text) == []


def test_a_hub_changes_with_what_it_shows_of_its_pages(write, record):
    record()
    write("/hire/a", "Other words, which the hub doesn't show.")
    assert record() == ["published: 1 changed (/hire/a)"]
    write("/hire/a", "Other words, which the hub doesn't show.", name="Another name")
    assert record() == ["published: 2 changed (/ /hire/a)"]
    write("/hire/b")
    assert record() == ["published: 1 added (/hire/b), 1 changed (/)"]


def test_the_log_names_only_a_few_of_many_pages(write, record):
    record()
    for number in range(100, 100 + live_pages.MAX_NAMED + 5):
        write(f"/p{number}")
    [line] = record()
    assert line.startswith("published: 15 added (/p100 /p101 ") and line.endswith("/p109 and 5 more)")


def test_unlisted_pages_are_marked(write, record):
    write("/hidden", meta="Robots: noindex\n")
    write("/copy", meta="Canonical: https://elsewhere.example/\n")
    record()
    live = live_pages.read()
    assert tuple(live.unlisted) == ("/copy", "/hidden") and live.digests.keys() >= {"/copy", "/hidden", "/b"}
    write("/b", meta="Robots: noindex\n")
    record()
    assert "/b" in live_pages.read().unlisted


def test_a_damaged_file_is_replaced(write, record):
    record()
    live_pages.path().write_bytes(b"nonsense")
    first, second = record()
    assert "is damaged" in first and second == "published 3 pages for the first time"
    assert live_pages.read()


def test_times_increase_even_if_the_clock_is_set_back(write, record, monkeypatch):
    record()
    before = live_pages.read().changed_at
    monkeypatch.setattr(live_pages, "time", lambda: before - 3600)
    write("/c")
    record()
    assert live_pages.read().changed_at > before


def test_drafts_that_a_development_server_shows_are_not_recorded(write, record, settings):
    settings.DEBUG = True
    write("/a-draft", meta="Status: draft\n")
    assert record() == []
    assert live_pages.read() is None
