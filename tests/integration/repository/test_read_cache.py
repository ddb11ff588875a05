"""Test that a check with cached results finds the same problems as a check without cached results."""

import io
import os
import shutil
import sqlite3
from contextlib import closing
from random import Random

import pytest
from django.core.management import call_command

from pages.management.commands import check_content
from pages.publish import release
from pages.repository import read_cache
from pages.repository.result_database import ResultDatabase
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


def cache_file(settings):
    """Return the only file of the cache."""
    [file] = (settings.BUILD_DIR / "check-cache").iterdir()
    return file


def cached_names(settings):
    return sorted(os.path.basename(path) for path in ResultDatabase(cache_file(settings)).results)


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
    assert cached_names(settings) == ["a.md", "c.md"]
    reads.clear()
    assert "not valid UTF-8" in check() and reads == ["b.md"]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-5000], lambda data: data[::-1]])
def test_a_damaged_file_is_replaced(content, settings, reads, damage):
    first = check()
    cache_file(settings).write_bytes(damage(cache_file(settings).read_bytes()))
    reads.clear()
    assert check() == first
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
    (settings.BUILD_DIR / "check-cache" / "0123").touch()  # from an earlier release
    check()
    assert cached_names(settings) == ["a.md", "b.md"]


def test_a_check_works_if_the_cache_cannot_be_written(content, settings):
    first = check()
    shutil.rmtree(settings.BUILD_DIR)
    settings.BUILD_DIR.touch()
    assert check() == first


@pytest.mark.parametrize("kind", ["BLOB", "TEXT"])
@pytest.mark.parametrize("column", ["summary", "text", "details"])
def test_a_damaged_result_is_read_again(content, settings, column, kind):
    first = check()
    with closing(sqlite3.connect(cache_file(settings))) as database, database:
        database.execute(f"UPDATE results SET {column} = CAST(x'00' || substr({column}, 2) AS {kind})")  # noqa: S608
    assert check() == first


@pytest.fixture
def loads(monkeypatch):
    """The names of the documents whose files were read."""
    names = []
    load = check_content.load_text

    def record(folder, path, *arguments):
        names.append(path.name)
        return load(folder, path, *arguments)

    monkeypatch.setattr(check_content, "load_text", record)
    return names


def test_a_file_with_the_same_stamp_is_not_read(content, loads, monkeypatch):
    monkeypatch.setattr(read_cache, "_MIN_AGE", 0)
    first = check()
    loads.clear()
    assert check() == first and not loads
    (content / "b.md").touch()
    assert check() == first and loads == ["b.md"]


def test_a_file_that_changed_a_moment_ago_is_read_again(content, loads, monkeypatch):
    monkeypatch.setattr(read_cache, "_MIN_AGE", 3600 * 10**9)
    check()
    loads.clear()
    check()
    assert sorted(loads) == ["a.md", "b.md", "c.md"]


def random_edit(folder, random):
    """Change one input of a check, and return a description of the change."""
    document, other = (folder / f"{random.choice('abcdef')}.md" for _ in range(2))
    name, target = document.stem, other.stem
    lines = [
        f"[Page {target}](/{target}#more)",
        f"[Old](/old-{target})",
        "![A chart](/images/a.svg)",
        f"[Page {target}]({target}) and [more](#more)",
        "[Mail](mailto:a@example.com)",
        "**[Start]**",
        "$5",
    ]
    heading, meta = (
        random.choice(["", "## MORE\n\nMore.\n\n"]),
        random.choice(["", "Draft: yes\n", "Publish: 2020-01-01\n", "Expires: 2020-01-01\n"]),
    )
    body = f"{random.choice(lines)} {random.choice(lines)}\n\n{heading}[Page {target}](/{target})"
    text = page_text(f"Page {random.choice('abcd')}", f"/{random.choice([name, target])}", body, meta)
    edits = {
        f"write {name}": lambda: document.write_text(text),
        f"delete {name}": lambda: document.unlink(missing_ok=True),
        f"rename {name} to {target}": lambda: document.rename(other) if document.exists() else None,
        f"touch {name}": lambda: document.touch() if document.exists() else None,
        "change site.toml": lambda: (folder / "site.toml").write_text(f'[calls_to_action]\n"Start" = "/{target}"\n'),
        "change facts.toml": lambda: (folder / "facts.toml").write_text(
            f'[prices.a]\nvalue = "${random.randint(5, 6)}"\n'
        ),
        "change redirects.toml": lambda: (folder / "redirects.toml").write_text(f'"/old-{name}" = "/{target}"\n'),
        "add an image": lambda: (folder / "images" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "delete an image": lambda: (folder / "images" / "a.svg").unlink(missing_ok=True),
    }
    description = random.choice(sorted(edits))
    edits[description]()
    return description


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_a_cached_check_finds_what_a_first_check_finds(content, settings, monkeypatch, seed):
    monkeypatch.setattr(read_cache, "_MIN_AGE", 0)
    (content / "images").mkdir()
    random, cache, edits = Random(seed), settings.BUILD_DIR, []  # noqa: S311
    for _ in range(8):
        edits += [random_edit(content, random) for _ in range(random.randint(1, 3))]
        settings.BUILD_DIR = cache
        cached = check()
        settings.BUILD_DIR = cache.with_name("empty")
        assert cached == check(), edits
        shutil.rmtree(settings.BUILD_DIR)
