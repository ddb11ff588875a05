"""Stored pages: a page that is loaded from its file equals the parsed page."""

import shutil
from dataclasses import replace
from functools import partial

import pytest

from pages.content import lazy_page, library, stored_pages
from pages.content.lazy_page import DocumentRemoved
from pages.content.problems import Source

from ...conftest import SAMPLE_SITE


@pytest.mark.parametrize("url", ["/", "/pricing", "/hire/machine-learning-engineer", "/contact"])
def test_a_stored_page_is_the_same_page(sample_site, tmp_path, url):
    page = sample_site[1].pages[url]
    loaded = stored_pages.store(page, tmp_path).load(page.path)
    assert loaded == page and loaded is not page


def test_a_missing_damaged_or_newer_file_is_not_loaded(sample_site, tmp_path):
    page = sample_site[1].pages["/pricing"]
    old = stored_pages.store(page, tmp_path)
    new = stored_pages.store(replace(page, source=Source(page.path, "newer")), tmp_path)
    assert old.load(page.path) is None and new.load(page.path).source.text == "newer"
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert new.load(page.path) is None
    file.unlink()
    assert new.load(page.path) is None


def test_a_page_that_cannot_be_stored_is_parsed_again(sample_site, tmp_path):
    (tmp_path / "file").touch()
    assert stored_pages.store(sample_site[1].pages["/pricing"], tmp_path / "file") is None


def test_a_lazy_page_is_loaded_from_its_file_and_without_the_file_from_its_document(tmp_path):
    document, folder = tmp_path / "content" / "about.md", tmp_path / "parsed"
    document.parent.mkdir()
    shutil.copy(SAMPLE_SITE / "about.md", document)
    pages = library.load(document.parent, read_all=partial(read_and_store, folder), lazy=True).pages
    text = document.read_text()
    document.unlink()
    assert pages["/about"].full.source.text == text
    lazy_page._full_pages.clear()
    [file] = folder.iterdir()
    file.unlink()
    with pytest.raises(DocumentRemoved):
        _ = pages["/about"].full
    document.write_text(text)
    assert pages["/about"].full.source.text == text


def read_and_store(folder, read, paths):
    return [read(path, folder=folder) for path in paths]
