"""Test that a check with cached results finds the same problems as a check without cached results."""

import io
import os
import shutil

import pytest
from django.core.management import call_command

from pages.management.commands import check_content
from pages.publish import release
from pages.repository import read_cache
from tests.support.content_samples import page_text


@pytest.fixture
def content(tmp_path, settings, monkeypatch):
    """A content folder with three pages, where each check uses the cache."""
    settings.CONTENT_DIR, settings.BUILD_DIR = tmp_path / "content", tmp_path / "build"
    settings.CONTENT_DIR.mkdir()
    for name in "abc":
        links = " ".join(f"[Page {other}](/{other})" for other in "abc" if other != name)
        (settings.CONTENT_DIR / f"{name}.md").write_text(page_text(f"Page {name}", f"/{name}", f"{links} **[Start]**"))
    (settings.CONTENT_DIR / "site.toml").write_text('[calls_to_action]\n"Start" = "/a"\n')
    monkeypatch.setattr(check_content, "MIN_CACHED_DOCUMENTS", 1)
    return settings.CONTENT_DIR


@pytest.fixture
def reads(monkeypatch):
    """The names of the documents that were read, and not taken from the cache."""
    names = []
    read = read_cache._read

    def record(function, document):
        names.append(document.path.name)
        return read(function, document)

    monkeypatch.setattr(read_cache, "_read", record)
    return names


def check() -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check_content.sys, "exit", lambda status: None)
        call_command("check_content", stdout=out)
    return out.getvalue()


def cached_files(settings):
    return list((settings.BUILD_DIR / "check-cache").iterdir())


CHANGES = {
    "nothing": (lambda folder: None, 0),
    "a document": (lambda folder: edit(folder / "a.md", "[Page b](/b)", "[Page b](/nowhere)"), 1),
    "a document, with its old time and size": (lambda folder: edit_secretly(folder / "a.md", "/b)", "/x)"), 1),
    "a moved document": (lambda folder: (folder / "b.md").rename(folder / "d.md"), 1),
    "a deleted document": (lambda folder: (folder / "b.md").unlink(), 0),
    "an empty document": (lambda folder: (folder / "b.md").write_text(""), 1),
    "a document that is not UTF-8": (lambda folder: (folder / "b.md").write_bytes(b"a\xff"), 1),
    "the settings": (lambda folder: edit(folder / "site.toml", '"Start"', '"Begin"'), 3),
    "broken settings": (lambda folder: edit(folder / "site.toml", '"Start"', "["), 3),
    "new facts": (lambda folder: (folder / "facts.toml").write_text('[prices.a]\nvalue = "$5"\n'), 3),
    "a new image": (lambda folder: (folder / "a.svg").write_text("<svg/>"), 3),
}


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def edit_secretly(path, old, new):
    status = path.stat()
    edit(path, old, new)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES)
def test_a_cached_check_finds_what_a_first_check_finds(content, settings, reads, change):
    check()
    assert sorted(reads) == ["a.md", "b.md", "c.md"]
    reads.clear()
    apply, expected_reads = CHANGES[change]
    apply(content)
    cached = check()
    assert len(reads) == expected_reads
    shutil.rmtree(settings.BUILD_DIR)
    assert cached == check()


def test_a_document_that_cannot_be_read_is_never_cached(content, settings, reads):
    (content / "b.md").write_bytes(b"a\xff")
    check()
    assert len(cached_files(settings)) == 2
    reads.clear()
    assert "not valid UTF-8" in check() and reads == ["b.md"]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1], lambda data: data[::-1]])
def test_a_damaged_result_is_read_again(content, settings, reads, damage):
    first = check()
    for file in cached_files(settings):
        file.write_bytes(damage(file.read_bytes()))
    reads.clear()
    assert check() == first and len(reads) == 3
    reads.clear()
    assert check() == first and not reads


def test_new_code_reads_all_documents_again(content, reads, monkeypatch):
    check()
    reads.clear()
    monkeypatch.setattr(release, "fingerprint", lambda: "the next release")
    check()
    assert len(reads) == 3


def test_the_cache_keeps_one_result_for_each_document(content, settings):
    for number in range(3):
        (content / "a.md").write_text(page_text("Page a", "/a", f"Edit {number}."))
        check()
    (content / "c.md").unlink()
    (settings.BUILD_DIR / "check-cache" / ".unfinished").touch()
    check()
    assert len(cached_files(settings)) == 2


def test_a_check_works_if_the_cache_cannot_be_written(content, settings):
    first = check()
    shutil.rmtree(settings.BUILD_DIR)
    settings.BUILD_DIR.touch()
    assert check() == first


def test_a_result_belongs_to_one_path(tmp_path):
    cache = read_cache.ReadCache(tmp_path, "1")
    files = [cache._document("", tmp_path / name, text).cached for name, text in (("a", "bc"), ("ab", "c"), ("a", "c"))]
    assert len(set(files)) == 3
