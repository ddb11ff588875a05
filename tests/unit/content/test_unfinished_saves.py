"""While a program saves a file in several steps, the site keeps the file's last version."""

from io import BytesIO

import pytest
from PIL import Image

from pages.content import content_folder, library, unfinished_saves
from pages.content.unfinished_saves import HOLD_SECONDS, UnfinishedSaves

from ...support.facts_file import fact_table

DOCUMENT = (
    "# A page\n## /a\n\n## ABOUT\n\nFirst words, and ![a dot](dot.png).\n\n## MORE\n\nThe very last words of it.\n"
)
SITE = 'name = "Acme"\nheader = ["/a"]\n\n[calls_to_action]\n"Start" = "/a"\n'
FACTS = fact_table("email", "a@example.com")


def png(width=9):
    out = BytesIO()
    Image.new("RGB", (width, 9)).save(out, "PNG")
    return out.getvalue()


class Site:
    """A content folder, its library, and a clock."""

    def __init__(self, folder):
        self.folder, self.now, self.saves = folder, 100.0, UnfinishedSaves()
        folder.mkdir()
        (folder / "a.md").write_text(DOCUMENT)
        (folder / "b.md").write_text(DOCUMENT.replace("/a", "/b"))
        (folder / "site.toml").write_text(SITE)
        (folder / "facts.toml").write_text(FACTS)
        (folder / "dot.png").write_bytes(png())
        self.library = library.load(folder)

    def read(self, after=0.0):
        """Move the clock forward by `after` seconds, and read the folder. Return the library."""
        self.now += after
        stamps = self.saves.settle(self.library, content_folder.scan(self.folder))
        if stamps != self.library.stamps:
            self.library = library.load(self.folder, self.library, stamps)
        return self.library


@pytest.fixture
def site(tmp_path, monkeypatch):
    site = Site(tmp_path / "content")
    monkeypatch.setattr(unfinished_saves, "monotonic", lambda: site.now)
    return site


@pytest.mark.parametrize("name", ["a.md", "dot.png", "site.toml", "facts.toml"])
@pytest.mark.parametrize("length", [None, 0, 0.1, 0.5, 0.97])
def test_a_missing_or_empty_or_truncated_file_keeps_its_last_version(site, name, length):
    before, path = site.library, site.folder / name
    whole = path.read_bytes()
    path.unlink()
    if length is not None:
        path.write_bytes(whole[: int(length * len(whole))])
    assert site.read() is before and site.read(HOLD_SECONDS - 0.1) is before
    path.write_bytes(whole)
    assert site.read().has_same_pages(before) and not site.saves.has_pending


@pytest.mark.parametrize("name", ["a.md", "dot.png", "site.toml", "facts.toml"])
def test_a_real_deletion_takes_effect_after_the_hold_time(site, name):
    (site.folder / name).unlink()
    site.read()
    assert not site.saves.is_due()
    site.now += HOLD_SECONDS
    assert site.saves.is_due()
    content = site.read()
    assert not site.saves.has_pending and site.folder / name not in content.stamps
    assert ("/a" in content.pages, "/dot.png" in content.pictures) == (name != "a.md", name != "dot.png")
    assert (content.site.name, content.settings.is_outdated) == ("Acme", name == "site.toml")
    assert (content.site.email, content.loaded_facts.is_outdated) == ("a@example.com", name == "facts.toml")


def test_each_step_of_a_save_restarts_the_hold_time(site):
    before = site.library
    for end in (0, 20, 40, 60, 80):
        (site.folder / "a.md").write_text(DOCUMENT[:end])
        assert site.read(HOLD_SECONDS - 0.1) is before
    (site.folder / "a.md").write_text(DOCUMENT[:60])
    site.read()
    assert "last words" not in site.read(HOLD_SECONDS).pages["/a"].plain_text


@pytest.mark.parametrize(
    ("old", "new"),
    [("First words", "Words"), ("First words", "The first words of all"), ("words of it.", "words of it.\n\nMore.")],
    ids=["shorter", "longer", "longer at the end"],
)
def test_a_complete_edit_is_read_at_once(site, old, new):
    (site.folder / "a.md").write_text(DOCUMENT.replace(old, new))
    assert new.split("\n")[-1] in site.read().pages["/a"].plain_text


def test_a_longer_version_saved_in_several_steps_is_not_read_before_it_is_complete(site):
    text = DOCUMENT.replace("First words", "First words\n" * 40)
    for end in (0, len(DOCUMENT) // 2, text.index("words", len(DOCUMENT)) + 6, len(text) - 9):
        (site.folder / "a.md").write_text(text[:end])
        assert "First words First words" not in site.read().pages["/a"].plain_text
    (site.folder / "a.md").write_text(text)
    assert site.read().pages["/a"].plain_text.count("First words") == 40


def test_other_files_are_read_while_a_file_is_being_saved(site):
    (site.folder / "a.md").write_text("")
    (site.folder / "b.md").write_text(DOCUMENT.replace("/a", "/b").replace("First", "New"))
    content = site.read()
    assert "/a" in content.pages and "New words" in content.pages["/b"].plain_text
    assert list(content.stamps) == list(content_folder.scan(site.folder))


def test_a_page_that_is_being_saved_stays_when_settings_and_images_change(site):
    (site.folder / "a.md").write_text("")
    (site.folder / "site.toml").write_text(SITE.replace("Acme", "Other"))
    (site.folder / "dot.png").write_bytes(png(width=200))
    assert "/a" in site.read().pages
    (site.folder / "a.md").write_text(DOCUMENT)
    content = site.read()
    assert "/a" in content.pages and content.site.name == "Other" and content.pictures["/dot.png"].width == 200


def test_all_pages_stay_while_the_folder_is_missing_for_a_moment(site):
    before = site.library
    site.folder.rename(site.folder.with_name("away"))
    assert site.read() is before
    site.folder.with_name("away").rename(site.folder)
    assert site.read() is before and not site.saves.has_pending


def test_a_symbolic_link_that_replaces_a_file_is_not_read_if_it_leads_out_of_the_folder(site, tmp_path):
    before = site.library
    (tmp_path / "secret.md").write_text("# Secret\n## /a\n")
    (site.folder / "a.md").unlink()
    (site.folder / "a.md").symlink_to(tmp_path / "secret.md")
    assert site.read() is before
    assert "/a" not in site.read(HOLD_SECONDS).pages


def test_redirects_stay_while_their_file_is_saved(site):
    file = site.folder / "redirects.toml"
    file.write_text('"/old" = "/a"\n"/older" = "/b"\n')
    site.read()
    for unfinished in ("", '"/old" = "/a"'):
        file.write_text(unfinished)
        assert site.read().redirects.exact.keys() == {"/old", "/older"}
    file.unlink()
    assert site.read().redirects.exact.keys() == {"/old", "/older"}
    assert not site.read(after=HOLD_SECONDS + 1).redirects.exact
