"""Test the publishing of files made from pages: after the pages, again after an edit, and never twice."""

from contextlib import closing

import pytest

from pages.kits.kit_files import KitFile
from pages.media import artifact_store, artifacts
from pages.publish import manifest
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current

from ...conftest import SEED_URL
from ...support.kits import kit_document

PDF = f"{SEED_URL}.pdf"


@pytest.fixture
def publishing(content, monkeypatch):
    """A publisher with one role page and no compression, because compression is slow."""
    for path in content.rglob("*.md"):
        if path.name not in ("index.md", "kit.md", "machine-learning-engineer.md"):
            path.unlink()
    monkeypatch.setattr(manifest, "compress", lambda body: {"identity": body})
    with closing(Publisher()) as publishing:
        yield publishing


def entries():
    with closing(ManifestReader(manifest_path())) as reader:
        reader.refresh()
        return dict(reader.entries)


def publish(publishing):
    visible = current.visible_pages()
    assert publishing.publish(visible)
    return publishing.artifacts(visible)


def make(made):
    """Make the files, as the media worker does. Return how many are new."""
    return sum(artifacts.ensure_exists(file) for file in made.values() if isinstance(file, KitFile))


def edit(content, old, new):
    path = content / "hire" / "machine-learning-engineer.md"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_pages_are_published_before_their_files_exist(publishing):
    made = publish(publishing)
    assert SEED_URL in entries() and PDF not in entries()
    assert make(made) == 3
    publish(publishing)
    assert {PDF, f"{SEED_URL}.xlsx", f"{SEED_URL}.csv"} <= entries().keys()
    entry = entries()[PDF]
    assert entry.body("identity").startswith(b"%PDF") and list(entry.sizes) == ["identity"]


def test_a_page_shows_the_size_of_its_file_after_the_file_is_made(publishing):
    made = publish(publishing)
    assert b"PDF</a>" in entries()[SEED_URL].body("identity")
    make(made)
    publish(publishing)
    assert b" kB</a>" in entries()[SEED_URL].body("identity")


def test_the_old_file_is_served_until_the_new_one_is_made(publishing, content):
    make(publish(publishing))
    publish(publishing)
    before = entries()[PDF].digest
    edit(content, "**1. Walk me through", "**1. Talk me through")
    made = publish(publishing)
    assert entries()[PDF].digest == before
    assert make(made) == 3
    publish(publishing)
    assert entries()[PDF].digest != before


def test_an_edit_that_changes_no_word_of_a_kit_makes_no_file(publishing, content):
    make(publish(publishing))
    edit(content, "ML engineering sits between", "ML engineering is between")
    assert make(publish(publishing)) == 0


def test_new_words_in_kit_md_make_new_files(publishing, content):
    make(publish(publishing))
    (content / "kit.md").write_text(kit_document().replace("for last line", "for the last line"))
    assert make(publish(publishing)) == 3


def test_the_files_of_a_changed_page_are_made_first(publishing, content):
    (content / "hire" / "copy.md").write_text(
        (content / "hire" / "machine-learning-engineer.md").read_text().replace(SEED_URL, "/hire/copy")
    )
    make(publish(publishing))
    edit(content, "**1. Walk me through", "**1. Talk me through")
    first, *_ = publish(publishing).values()
    assert first.file.path == PDF


def test_the_files_of_a_removed_page_are_removed(publishing, content):
    make(publish(publishing))
    publish(publishing)
    edit(content, "Keywords:", "Status: draft\nKeywords:")
    publish(publishing)
    assert entries().keys().isdisjoint({SEED_URL, PDF, f"{SEED_URL}.xlsx", f"{SEED_URL}.csv"})


def test_after_a_restart_no_file_is_made_again(publishing, monkeypatch):
    make(publish(publishing))
    publish(publishing)
    publishing.close()
    monkeypatch.setattr(KitFile, "render", lambda self: pytest.fail("made again"))
    with closing(Publisher()) as second:
        assert make(publish(second)) == 0
        publish(second)
        assert PDF in entries()


def test_a_file_whose_document_changed_in_the_meantime_is_not_stored(publishing, content):
    made = publish(publishing)
    file = next(each for each in made.values() if isinstance(each, KitFile) and each.file.path == PDF)
    edit(content, "**1. Walk me through", "**1. Talk me through")
    wrong = KitFile(file.file, "/kits/0123.kit", file.source)
    with pytest.raises(Exception, match="machine-learning-engineer"):
        artifacts.ensure_exists(wrong)
    assert not artifact_store.exists(wrong.url)


def test_a_damaged_file_is_published_again(publishing, settings):
    make(publish(publishing))
    publish(publishing)
    body = artifact_store._path(manifest.body_key(entries()[PDF].digest, "identity"))
    body.write_bytes(body.read_bytes()[:-1])
    publishing._find_damaged_bodies([PDF])
    publish(publishing)
    assert entries()[PDF].is_stored()
