"""A damaged search index is never searched, and the publisher creates it again."""

import os
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from pages.content import document
from pages.content.problems import Source
from pages.search import index, index_digest, service

TEXT = "# {0}\n## /{0}\n\n## META\n\n```\nTitle: {0}\n```\n\n## Words\n\n{1}\n"
PAGES = [
    document.read(Source(f"content/{name}.md", text), f"/{name}", document.Settings({}))
    for name, text in ((name, TEXT.format(name, "A zebra reads. " * 50)) for name in ("one", "two", "three"))
]
# While the library is incomplete, the site searches only the index file.
VISIBLE = SimpleNamespace(library=SimpleNamespace(is_complete=False))
CHANGES = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
    "random": lambda data: os.urandom(len(data)),
    "other text": lambda data: data.replace(b"zebra", b"horse"),
    "a page of zeros": lambda data: data[:8192] + bytes(4096) + data[12288:],
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "release" / "search-index"
    fill(path)
    return path


@pytest.fixture
def search(path, monkeypatch):
    monkeypatch.setattr(service, "_index_path", path)
    monkeypatch.setattr(service, "_has_failed", False)
    monkeypatch.setattr(service, "_intact_path", None)
    monkeypatch.setattr(service, "_refuted_digest", None)
    return lambda: service.search(VISIBLE, "zebra", 1)


def fill(path):
    with closing(index.open_for_writing(path)) as database:
        with database:
            for page in PAGES:
                index.put(database, page)
        index.set_complete(database)
    index_digest.write(path)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_damaged_index_is_not_searched_until_it_is_complete_again(path, search, change, caplog, monkeypatch):
    before = search()
    assert before.total == 3
    monkeypatch.setattr(service, "_intact_path", None)  # the next search is like the first search of a new process
    path.write_bytes(change(path.read_bytes()))
    assert search() is None
    assert search() is None
    assert caplog.text.count("doesn't match its digest") == 1
    with closing(index.open_for_writing(path)) as database:
        assert "the search index is damaged" in caplog.text
        assert index.urls(database) == set()
        assert search() is None
    fill(path)
    assert search() == before


def test_a_damaged_digest_prevents_searches_until_it_is_written_again(path, search):
    damaged = index_digest.path_of(path)
    damaged.write_bytes(bytes(damaged.stat().st_size))
    assert search() is None
    index_digest.write(path)
    assert search().total == 3


def test_an_index_whose_digest_was_deleted_is_searched_unless_the_digest_was_wrong(path, search, monkeypatch):
    index_digest.delete(path)
    assert search().total == 3
    index_digest.path_of(path).write_bytes(b"wrong")
    assert search() is None
    index_digest.delete(path)
    assert search() is None


def test_an_index_with_changed_text_is_not_searched(path, search, caplog):
    assert search().total == 3
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE page_content SET c3 = replace(c3, 'reads', 'paints')")
        database.commit()
    assert search() is None
    assert search() is None
    assert caplog.text.count("can't be read") == 1


def test_a_locked_index_does_not_count_as_damaged(path, monkeypatch):
    monkeypatch.setattr(index, "TIMEOUT_SECONDS", 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            index.open_for_writing(path)
    fill(path)


def test_the_first_index_can_be_searched_while_it_is_being_filled(tmp_path, monkeypatch):
    path = tmp_path / "search-index"
    monkeypatch.setattr(service, "_index_path", path)
    with closing(index.open_for_writing(path)) as database, database:
        index.put(database, PAGES[0])
        database.commit()
        assert service.search(VISIBLE, "zebra", 1).total == 1
