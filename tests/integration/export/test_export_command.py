"""`manage.py export`: what an edit changes in the folder, and when the command refuses."""

import fcntl
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pages.publish import manifest_entry
from pages.publish.release import leader_lock_path
from pages.repository import current

from ..repository.test_edits import PAGE

CONFIGURATION = {"_nginx.conf", "_headers", "_redirects", ".export.json"}


@pytest.fixture
def site(content, settings, monkeypatch):
    """A site with few pages. Compression is off, because it is slow."""
    kept = ("index.md", "about.md", "start.md", "terms.md")
    for path in content.rglob("*.md"):
        if path.name not in kept:
            path.unlink()
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
    monkeypatch.setattr("pages.export.published_site.compress", lambda body: {"identity": body})
    settings.FORMS_URL = "https://forms.example"
    yield content
    current.reset()


def export(folder):
    out = StringIO()
    call_command("export", str(folder), stdout=out)
    return out.getvalue()


def state(folder):
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def test_two_builds_of_a_site_export_the_same_files(site, settings, tmp_path):
    about = site / "about.md"
    text = about.read_text()
    about.unlink()
    export(tmp_path / "first")
    about.write_text(text)  # the manifest's last entry from now on
    export(tmp_path / "first")
    settings.BUILD_DIR = tmp_path / "another-build"
    current.reset()
    export(tmp_path / "second")
    first, second = tmp_path / "first", tmp_path / "second"
    assert state(first).keys() == state(second).keys() >= {"about.html"}
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in state(first))


def test_an_edit_writes_only_what_changed_and_deletes_what_is_gone(site, tmp_path):
    folder = tmp_path / "export"
    (site / "hire" / "new.md").write_text(PAGE)
    (site / "redirects.toml").write_text('"/old" = "/about"\n"/webinar" = "gone"\n"/404" = "/about"\n')
    export(folder)
    before = state(folder)
    assert {"index.html", "about.html", "about.md", "hire/new.html", "404.html", "_gone/webinar.html"} <= before.keys()
    assert "start.html" not in before and "start.md" in before
    assert "/old /about 301\n" in (folder / "_redirects").read_text()
    assert 'role="search"' in (folder / "404.html").read_text()  # exported, although /404 is an old address
    assert "0 written, 0 deleted" in export(folder)
    assert {name: time for name, time in state(folder).items() if name != ".export.json"}.items() <= before.items()

    about = site / "about.md"
    about.write_text(about.read_text() + "\nA new last sentence.\n")
    export(folder)
    after = state(folder)
    written = {name for name, time in after.items() if before.get(name) != time}
    assert {"about.html", "about.md"} <= written and not {"terms.html", "hire/new.html", "404.html"} & written
    assert "A new last sentence." in (folder / "about.html").read_text()

    (site / "hire" / "new.md").unlink()
    export(folder)
    assert not (folder / "hire").exists() and "/hire/new" not in (folder / "_nginx.conf").read_text()


def test_only_live_pages_are_exported_and_the_next_changes_are_named(site, tmp_path):
    soon = datetime.now(UTC) + timedelta(days=1)
    (site / "hire" / "later.md").write_text(
        PAGE.replace("/hire/new", "/hire/later").replace("Title: New", f"Title: New\nPublish: {soon:%Y-%m-%d %H:%M} Z")
    )
    (site / "hire" / "draft.md").write_text(
        PAGE.replace("/hire/new", "/hire/draft").replace("Title: New", "Title: New\nStatus: draft")
    )
    output = export(tmp_path / "export")
    assert f"The site changes by itself at these times: {soon:%Y-%m-%d %H:%M} UTC." in output
    listed = [json.loads(line)[0] for line in (tmp_path / "export" / ".export.json").read_text().splitlines()]
    assert not [name for name in listed if "later" in name or "draft" in name]


def test_a_running_site_must_have_published_all_pages(site, tmp_path):
    leader_lock_path().parent.mkdir(parents=True)
    with leader_lock_path().open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="/ isn't published yet"):
            export(tmp_path / "export")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"FORMS_URL": ""}, "FORMS_URL is not set"),
        ({"FORMS_URL": "https://www.example.com", "SITE_URL": "https://www.example.com"}, "same as SITE_URL"),
        ({"DEBUG": True}, "DEBUG is on"),
    ],
)
def test_wrong_settings_are_refused(site, settings, tmp_path, changes, message):
    for name, value in changes.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match=message):
        export(tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_a_folder_with_other_files_is_refused(site, tmp_path):
    with pytest.raises(CommandError, match=r"content/about\.md"):
        export(site.parent)
    assert not (site.parent / "_headers").exists()
