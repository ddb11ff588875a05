"""The files made from pages are published later than the pages, and made again only when necessary."""

import shutil
from contextlib import closing
from time import monotonic, sleep
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from pages.kits.kit_files import KitFile
from pages.kits.page_kit import kit_of
from pages.media import artifact_store, artifacts
from pages.media.social_cards import SocialCard
from pages.publish import manifest_entry, publisher, publishing_loop
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current

from ...conftest import SAMPLE_SITE, SEED_URL
from ...support.kits import kit_document
from ...support.waiting import PATIENCE

PDF = f"{SEED_URL}.pdf"


@pytest.fixture
def publishing(content, monkeypatch):
    """A publisher with one role page and no compression."""
    for path in content.rglob("*.md"):
        if path.name not in ("index.md", "kit.md", "machine-learning-engineer.md"):
            path.unlink()
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
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


def shown_page():
    return entries()[SEED_URL].body("identity").decode()


def edit(content, old, new, name="hire/machine-learning-engineer.md"):
    path = content / name
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
    assert "PDF</a>" in shown_page() and "download>" not in shown_page()
    make(made)
    publish(publishing)
    assert shown_page().count(" kB</a>") == shown_page().count("download>") == 3


def test_a_scorecards_hero_shows_the_pdfs_first_page_after_the_picture_is_made(publishing, content):
    scorecard = "/resources/hiring-scorecard"
    shutil.copy(SAMPLE_SITE / "resources" / "hiring-scorecard.md", content / "resources")
    made = publish(publishing)
    assert b"first-page" not in entries()[scorecard].body("identity")
    make(made)
    publish(publishing)
    (picture,) = BeautifulSoup(entries()[scorecard].body("identity"), "html.parser").select(".first-page img")
    assert (picture["src"], picture["loading"], bool(picture["alt"])) == (f"{scorecard}.avif", "lazy", True)
    assert entries()[f"{scorecard}.avif"].body("identity")[4:12] == b"ftypavif"


def test_the_hero_of_a_hub_shows_pictures_of_the_files_of_its_pages(publishing, content):
    names = ("hiring-scorecard", "question-bank")
    for name in names:
        shutil.copy(SAMPLE_SITE / "resources" / f"{name}.md", content / "resources")
    made = publish(publishing)
    assert b"first-page" not in entries()["/resources"].body("identity")
    make(made)
    publish(publishing)
    page = BeautifulSoup(entries()["/resources"].body("identity"), "html.parser")
    pictures = [picture["src"] for picture in page.select(".first-page img")]
    assert pictures == [f"/resources/{name}.avif" for name in names]
    assert [types.text for types in page.select(".cards b")] == ["PDF, Excel", "PDF, Excel, CSV"]


def test_a_page_shows_the_size_of_its_file_after_an_edit(publishing, content):
    make(publish(publishing))
    publish(publishing)
    edit(content, "**1. Walk me through", "**1. Talk me through")
    made = publish(publishing)
    assert " kB</a>" not in shown_page()
    make(made)
    publish(publishing)
    assert shown_page().count(" kB</a>") == 3


def test_a_page_keeps_its_file_sizes_after_an_edit_that_changes_no_word_of_its_kit(publishing, content):
    make(publish(publishing))
    publish(publishing)
    edit(content, "ML engineering sits between", "ML engineering is between")
    publish(publishing)
    assert shown_page().count(" kB</a>") == 3 and "is between" in shown_page()


def test_files_are_published_after_the_media_worker_has_made_them(publishing, monkeypatch):
    """Run the publisher with its media worker."""

    class Stopped(Exception):
        pass

    end = monotonic() + PATIENCE

    def check(seconds):
        sleep(seconds)
        if monotonic() > end or " kB</a>" in shown_page():
            raise Stopped

    monkeypatch.setattr(current, "_is_lazy", False)  # `run` sets it
    monkeypatch.setattr(publishing_loop, "sleep", check)
    monkeypatch.setattr(publishing_loop, "Publisher", lambda should_interrupt, previous, pool: publishing)
    monkeypatch.setattr(publisher, "image_artifacts", lambda library: ())
    monkeypatch.setattr(SocialCard, "render", lambda self: b"")
    monkeypatch.setattr(publishing_loop.ContentStatusWriter, "publishing_started", lambda self, library: None)
    monkeypatch.setattr(publishing_loop.ContentStatusWriter, "publishing_finished", lambda self: None)
    with pytest.raises(Stopped):
        publishing_loop.run(reload=False)
    assert entries()[PDF].body("identity").startswith(b"%PDF")
    assert " kB</a>" in shown_page()


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


def test_pages_show_the_new_words_of_kit_md(publishing, content):
    publish(publishing)
    assert "interview kit" in shown_page()
    edit(content, "| interview kit | interview kit |", "| interview kit | Guide for interviewers |", "kit.md")
    publish(publishing)
    assert "Guide for interviewers" in shown_page()


def test_pages_offer_no_kits_if_kit_md_is_missing(publishing, content, monkeypatch):
    make(publish(publishing))
    publish(publishing)
    (content / "kit.md").unlink()
    publish(publishing)
    assert 'class="files"' not in shown_page()
    assert PDF not in entries()


def test_an_old_file_is_removed_if_the_new_one_cannot_be_made(publishing, content, monkeypatch):
    make(publish(publishing))
    publish(publishing)
    edit(content, "**1. Walk me through", "**1. Talk me through")
    monkeypatch.setattr(KitFile, "render", lambda self: b"")
    make(publish(publishing))
    publish(publishing)
    assert entries().keys().isdisjoint({PDF, f"{SEED_URL}.xlsx", f"{SEED_URL}.csv"})
    assert 'class="files"' not in shown_page()


def test_llms_txt_lists_no_file_that_cannot_be_made(publishing, content, monkeypatch):
    render = KitFile.render
    with monkeypatch.context() as patch:
        patch.setattr(KitFile, "render", lambda self: b"" if self.file.suffix == ".pdf" else render(self))
        make(publish(publishing))
    publish(publishing)
    listed = entries()["/llms.txt"].body("identity").decode()
    assert f"{PDF})" not in listed and f"{SEED_URL}.xlsx)" in listed
    edit(content, "**1. Walk me through", "**1. Talk me through")
    make(publish(publishing))
    publish(publishing)
    assert f"{PDF})" in entries()["/llms.txt"].body("identity").decode()


def test_no_pdf_is_served_or_listed_after_an_edit_adds_a_letter_that_no_font_has(publishing, content):
    make(publish(publishing))
    publish(publishing)
    assert f"{PDF})" in entries()["/llms.txt"].body("identity").decode()
    edit(content, "**1. Walk me through", "**1. வணக்கம்! Walk me through")
    publish(publishing)
    assert PDF not in entries() and f"{PDF})" not in entries()["/llms.txt"].body("identity").decode()
    assert PDF not in shown_page() and f"{SEED_URL}.xlsx" in shown_page()


def test_an_edit_of_meta_changes_the_headers_of_files(publishing, content):
    make(publish(publishing))
    publish(publishing)
    assert "x-robots-tag" not in dict(entries()[PDF].headers)
    edit(content, "Keywords:", "Robots: noindex\nKeywords:")
    assert make(publish(publishing)) == 0
    assert dict(entries()[PDF].headers)["x-robots-tag"] == "noindex"


def test_the_files_of_a_page_that_was_a_draft_for_a_while_are_published_again(publishing, content):
    make(publish(publishing))
    publish(publishing)
    edit(content, "Keywords:", "Status: draft\nKeywords:")
    publish(publishing)
    assert PDF not in entries()
    edit(content, "Status: draft\n", "")
    publish(publishing)
    assert PDF in entries()


def test_a_file_that_was_damaged_before_it_was_published_is_made_again(publishing):
    made = publish(publishing)
    make(made)
    for file in (file for file in made.values() if isinstance(file, KitFile)):
        artifact_store._path(file.url).write_bytes(b"damaged")
    assert make(publish(publishing)) == 3
    publish(publishing)
    assert entries()[PDF].body("identity").startswith(b"%PDF")


def test_the_publishing_of_files_can_be_interrupted(publishing):
    make(publish(publishing))
    publishing._should_interrupt = lambda: True
    assert not publishing.publish(current.visible_pages())
    assert len({PDF, f"{SEED_URL}.xlsx", f"{SEED_URL}.csv"} & entries().keys()) == 1


def test_a_competency_in_another_script_has_files(publishing, content):
    write_bank(content, ["व्यवहार", "Ownership", "Judgment", "Writing", "Speed"])
    made = publish(publishing)
    for file in made.values():
        if isinstance(file, KitFile) and file.file.suffix == ".csv":
            artifacts.ensure_exists(file)
    publish(publishing)
    assert {"/bank/व्यवहार.csv", "/bank/ownership.csv"} <= entries().keys()
    page = BeautifulSoup(entries()["/bank"].body("identity"), "html.parser")
    links = [link["href"] for link in page.select(".question-group .files a")]
    assert quote("/bank/व्यवहार.csv") in links
    assert quote("/bank/व्यवहार.csv") in entries()["/llms.txt"].body("identity").decode()


@pytest.mark.parametrize("is_lazy", [False, True])
def test_the_kit_of_an_unchanged_page_is_built_once(publishing, content, monkeypatch, is_lazy):
    monkeypatch.setattr(current, "_is_lazy", is_lazy)
    write_bank(content, [f"Group {number}" for number in range(20)])
    calls = []

    def counted(page, *others):
        calls.append(page.url)
        return kit_of(page, *others)

    monkeypatch.setattr("pages.kits.kit_files.kit_of", counted)
    made = publish(publishing)
    for file in made.values():
        if isinstance(file, KitFile) and file.file.suffix == ".csv":
            artifacts.ensure_exists(file)
    publish(publishing)
    assert calls.count("/bank") == 1 and "/bank/group-19.csv" in entries()


def write_bank(content, names):
    groups = (f"### {name}\n\n**{number}. Why?**\n\n" for number, name in enumerate(names, 1))
    (content / "bank.md").write_text(f"# Bank\n\n## INTERVIEW QUESTIONS\n\n{''.join(groups)}")


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
    body = artifact_store._path(manifest_entry.body_key(entries()[PDF].digest, "identity"))
    body.write_bytes(body.read_bytes()[:-1])
    publishing._find_damaged_bodies([PDF])
    publish(publishing)
    assert entries()[PDF].is_stored()
