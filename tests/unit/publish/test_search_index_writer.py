"""The search index gets each row once, even if a page is rendered twice, or if a write fails."""

import sqlite3
from contextlib import closing

import pytest

from pages.content import document
from pages.content.problems import Source
from pages.publish.search_index_writer import SearchIndexWriter
from pages.search import index

TEXT = "# Welder\n## /welder\n\n## META\n\n```\nTitle: Welder\n```\n\n## Words\n\n{}\n"


def row(words: str) -> index.PageRow:
    source = Source("content/welder.md", TEXT.format(words))
    return index.row_of(document.read(source, "/welder", document.Settings({})))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "search-index"


@pytest.fixture
def writer(path):
    with closing(SearchIndexWriter(path)) as writer:
        yield writer


def read(path, query: str):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_a_page_that_is_rendered_twice_has_one_row_and_each_word_is_counted_once(writer, path):
    writer.put(row("A zebra reads."))
    writer.put(row("A horse reads."))
    writer.flush()
    [(text,)] = read(path, "SELECT text FROM page")
    assert "horse" in text
    counts = {word: pages for word, pages in read(path, "SELECT word, pages FROM word") if pages}
    assert "horse" in counts and "zebra" not in counts
    assert set(counts.values()) == {1}


def test_rows_are_written_later_if_the_disk_is_full(writer, path, monkeypatch):
    writer.put(row("A zebra reads."))
    writer.flush()
    writer.put(row("A horse reads."))

    def fail(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(index, "put_rows", fail)
        with pytest.raises(sqlite3.OperationalError):
            writer.flush()
    with monkeypatch.context() as patch:
        patch.setattr("pages.publish.search_index_writer.index_digest.delete", fail)  # after the rows are written
        with pytest.raises(sqlite3.OperationalError):
            writer.flush()
    [(text,)] = read(path, "SELECT text FROM page")
    assert "zebra" in text
    writer.flush()
    [(text,)] = read(path, "SELECT text FROM page")
    assert "horse" in text
