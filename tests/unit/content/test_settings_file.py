"""While `site.toml` has mistakes, the site keeps its last valid settings. The mistakes cause no other errors."""

import pytest

from pages.content import library
from pages.content.settings_file import read_site_settings
from tests.support.content_samples import DESCRIPTION

SITE = 'name = "Acme"\noffer = "Free"\nheader = ["/a"]\n\n[calls_to_action]\n"Start" = "/a"\n'
DOCUMENT = f"# A\n## /a\n\n## META\n\n```\nTitle: A\nDescription: {DESCRIPTION}\n```\n\n## ABOUT\n\n**[Start]**\n"
LAST = {"site.toml": SITE, "facts.toml": ""}
BROKEN = [
    SITE.replace('["/a"]', '["/a"'),
    SITE.replace("[calls_to_action]", "[calls_to_action"),
    SITE.replace("[calls_to_action]", "[call_to_action]"),
    SITE.replace('"Acme"', "Acme"),
    SITE.replace('["/a"]', "5"),
    "\0",
    "\udcff",
    "",
    " \n",
]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "site.toml").write_text(SITE)
    for name in "ab":
        (folder / f"{name}.md").write_text(DOCUMENT.replace("/a\n", f"/{name}\n"))
    return folder


def write(folder, text):
    (folder / "site.toml").write_bytes(text.encode(errors="surrogateescape"))


@pytest.mark.parametrize("text", BROKEN)
def test_the_last_valid_settings_apply_while_the_file_has_errors(folder, text):
    before = library.load(folder)
    write(folder, text)
    for content in (
        library.load(folder, before),
        library.load(folder, read_last=LAST.get),
    ):
        assert content.site == before.site and content.settings.is_outdated and not content.settings.is_lost
        messages = [problem.message for problem in content.problems if problem.path == "content/site.toml"]
        assert messages and all("uses the last valid settings" in message for message in messages)
        assert not any(problem.rule == "cta-target" for problem in content.all_problems)
    again = library.load(folder, library.load(folder, before))
    assert again.site == before.site
    write(folder, SITE.replace("Acme", "Other"))
    assert library.load(folder, again).site.name == "Other" and not library.load(folder, again).settings.problems


def test_an_error_in_the_settings_does_not_reload_pages(folder):
    before = library.load(folder)
    write(folder, BROKEN[0])
    assert library.load(folder, before).pages["/a"] is before.pages["/a"]


@pytest.mark.parametrize("text", [BROKEN[0], BROKEN[1], BROKEN[3], "\0", "\udcff"])
def test_only_the_settings_are_reported_if_they_cannot_be_read(folder, text):
    write(folder, text)
    content = library.load(folder)
    assert content.settings.is_lost
    assert [problem.path for problem in content.all_problems] == ["content/site.toml"]
    assert [problem.path for problem in content.problems] == ["content/site.toml"]


def test_the_last_settings_are_used_after_site_toml_is_deleted(folder):
    before = library.load(folder)
    (folder / "site.toml").unlink()
    for content in (
        library.load(folder, before),
        library.load(folder, read_last=LAST.get),
    ):
        assert content.site == before.site and content.settings.is_outdated
        assert [problem.rule for problem in content.problems if "site.toml" in problem.path] == ["site-settings"]


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_other_problems_are_reported_even_if_the_settings_file_is_missing_or_empty(folder, text):
    if text is None:
        (folder / "site.toml").unlink()
    else:
        write(folder, text)
    content = library.load(folder)
    assert content.site.name == "LayersRank" and not content.settings.is_lost
    assert {problem.rule for problem in content.all_problems} >= {"site-settings", "cta-target"}


@pytest.mark.parametrize("text", [None, *BROKEN])
def test_the_last_valid_settings_are_read_without_the_library(folder, text):
    if text is None:
        (folder / "site.toml").unlink()
    else:
        write(folder, text)
    assert read_site_settings(folder, LAST.get).offer == "Free"
    assert read_site_settings(folder, lambda name: "").name in ("LayersRank", "Acme")
