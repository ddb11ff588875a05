"""The sitemap: its pages and their modification dates, with real git repositories."""

import json
import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from pages.repository import git_commands, git_dates, past_addresses

from ...conftest import SEED_URL

SITE = "https://www.example.com"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
PAGE = "# {url}\n## {url}\n\n## META\n\n```\nTitle: {url}\n{more}```\n\nWords.\n"


@pytest.fixture
def write(content, settings, tmp_path):
    settings.SITE_URL, settings.CONTENT_DATES = SITE, tmp_path / "dates.json"

    def write_page(url, more="", name=None):
        path = content / (name or f"{url.strip('/')}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(url=url, more=more))
        return path

    for path in content.rglob("*.md"):
        path.unlink()
    return write_page


def git(folder, *arguments, day="2026-01-02"):
    when = f"{day}T12:00:00+05:30"
    names = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = os.environ | names | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *arguments], cwd=folder, env=env, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(content, write):
    """A git repository that contains the content folder."""
    git(content.parent, "init", "--quiet")
    write("/old")
    write("/edited")
    write("/Ümlaut and space".lower(), name="ü  name.md")
    commit(content, "2026-01-02")
    return content


def commit(content, day):
    git(content.parent, "add", "content")
    git(content.parent, "commit", "--quiet", "--message", "x", day=day)


def entries(client):
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    tree = ElementTree.fromstring(response.content)  # noqa: S314  trusted
    return {
        each.find("s:loc", NAMES).text: getattr(each.find("s:lastmod", NAMES), "text", None)
        for each in tree.findall("s:url", NAMES)
    }


def test_it_lists_indexable_pages(client, write):
    write("/", name="index.md")
    write("/b")
    write("/a")
    write("/same", f"Canonical: {SITE}/same\n")
    write("/same-path", "Canonical: /same-path/\n")
    write("/other", "Canonical: /a\n")
    write("/other-spelling", f"Canonical: {SITE}/A/\n")
    write("/home", f"Canonical: {SITE}\n")
    write("/typo", "Canonical: /aa\n")
    write("/typo-in-whole-url", f"Canonical: {SITE}/aa\n")
    write("/longer-host", f"Canonical: {SITE}.br/typo\n")
    write("/misspelled", "Robots: no-index\n")
    write("/elsewhere", "Canonical: https://elsewhere.example/a\n")
    write("/hidden", "Robots: NoIndex, nofollow\n")
    write("/none", "Robots: none\n")
    write("/nofollow", "Robots: nofollow\n")
    write("/draft", "Status: draft\n")
    write("/later", "Publish: 2126-01-01\n")
    write("/earlier", "Publish: 2026-01-01\nAliases: /earliest\n")
    urls = ("/", "/a", "/b", "/earlier", "/nofollow", "/same", "/same-path", "/typo", "/typo-in-whole-url")
    assert list(entries(client)) == [SITE + url for url in urls]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *(("/b", "/b"), ("/B/", "/b"), (f"{SITE}/B/", "/b"), ("/", "/"), (SITE, "/")),
        *(("/nope", "/a"), (f"{SITE}/nope", "/a"), ("/old", "/a"), ("/draft", "/a"), ("nope", "/a")),
    ],
)
def test_the_canonical_link_never_leads_to_a_missing_page_or_a_redirect(client, write, written, expected):
    write("/a", f"Canonical: {written}\n")
    write("/b", "Aliases: /old\n")
    write("/draft", "Status: draft\n")
    [link] = re.findall('<link rel="canonical" href="([^"]+)">', client.get("/a").content.decode())
    assert link == SITE + expected and client.get(expected).status_code == 200


def test_a_page_without_a_known_date_has_no_lastmod(client, write):
    write("/a")
    write("/b", "Updated: 2026-11-30\n")
    assert entries(client) == {f"{SITE}/a": None, f"{SITE}/b": "2026-11-30"}


def test_lastmod_is_the_date_of_the_last_commit(client, repository, write):
    write("/edited", "Keywords: more\n")
    write("/own", "Updated: 2026-05-05\n")
    commit(repository, "2026-03-04")
    assert entries(client) == {
        f"{SITE}/edited": "2026-03-04",
        f"{SITE}/old": "2026-01-02",
        f"{SITE}/own": "2026-05-05",
    }
    assert git_dates.last_commits(repository)["ü  name.md"].day.isoformat() == "2026-01-02"


def test_the_users_settings_of_git_change_no_dates_and_no_names(repository):
    before = git_dates.last_commits(repository)
    git(repository, "config", "log.showRoot", "false")
    git(repository, "config", "i18n.logOutputEncoding", "UTF-16")
    assert before and git_dates.last_commits(repository) == before


def test_pages_with_uncommitted_changes_have_no_date(client, repository, write):
    write("/edited", "Keywords: more\n")
    write("/new")
    (repository / "old.md").unlink()
    commit_message = ("commit", "--quiet", "--message", "x", "old.md")
    git(repository, *commit_message, day="2026-04-04")
    write("/old")
    assert set(entries(client).values()) == {None}
    git(repository, "add", "new.md")
    git_dates._cache = None
    assert set(entries(client).values()) == {None}


def test_lastmod_changes_after_a_move_but_not_after_a_merge(client, repository, write):
    main = git(repository, "branch", "--show-current").strip()
    git(repository, "switch", "--quiet", "--create", "other")
    write("/side")
    commit(repository, "2026-02-01")
    git(repository, "switch", "--quiet", main)
    git(repository, "mv", "old.md", "moved.md")
    git(repository, "commit", "--quiet", "--message", "x", day="2026-02-02")
    git(repository, "merge", "--quiet", "--no-ff", "--message", "x", "other", day="2026-06-06")
    assert entries(client) == {
        f"{SITE}/edited": "2026-01-02",
        f"{SITE}/old": "2026-02-02",
        f"{SITE}/side": "2026-02-01",
    }


def test_the_oldest_commit_of_a_shallow_clone_gives_no_date(client, repository, write, tmp_path):
    write("/edited", "Keywords: more\n")
    commit(repository, "2026-03-04")
    write("/edited", "Keywords: yet more\n")
    commit(repository, "2026-03-05")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "2", f"file://{repository.parent}", str(clone))
    commits = git_dates.last_commits(clone / "content")
    days = {path: commit.day.isoformat() for path, commit in commits.items()}
    assert days == {"edited.md": "2026-03-05"}


@pytest.mark.parametrize(
    "script", ["", "#!/bin/sh\nexit 3\n", "#!/bin/sh\nexec sleep 60\n", "#!/bin/sh\nprintf '\\377'\n"]
)
def test_pages_have_no_dates_if_git_is_missing_or_fails(client, repository, monkeypatch, tmp_path, script):
    programs = tmp_path / "bin"
    programs.mkdir()
    if script:
        (programs / "git").write_text(script)
        (programs / "git").chmod(0o755)
        (programs / "sleep").symlink_to(shutil.which("sleep"))
    monkeypatch.setenv("PATH", str(programs))
    for module in (git_dates, past_addresses):
        monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    assert set(entries(client).values()) == {None}


def test_git_runs_once_per_version_of_the_content(client, repository, monkeypatch, write):
    commands, run = [], subprocess.run
    monkeypatch.setattr(
        git_commands.subprocess, "run", lambda command, **more: commands.append(command) or run(command, **more)
    )
    entries(client)
    entries(client)
    first = len(commands)
    assert first
    write("/new")
    entries(client)
    assert len(commands) == 2 * first


def test_recorded_dates_are_used_if_there_is_no_git_repository(client, repository, write, settings, capsys):
    write("/uncommitted")
    call_command("record_dates")
    assert "the dates of 3 of 4 documents" in capsys.readouterr().out
    recorded = json.loads(settings.CONTENT_DATES.read_text())
    assert recorded["old.md"]["changed"] == "2026-01-02"
    shutil.rmtree(repository.parent / ".git")
    git_dates._cache = None
    write("/edited", "Keywords: since then\n")
    assert entries(client) == {f"{SITE}/edited": None, f"{SITE}/old": "2026-01-02", f"{SITE}/uncommitted": None}


def test_recording_dates_without_a_git_repository_keeps_the_old_file(write, settings):
    write("/a")
    settings.CONTENT_DATES.write_text("{}")
    with pytest.raises(CommandError, match="full clone"):
        call_command("record_dates")
    assert settings.CONTENT_DATES.read_text() == "{}"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a.md": {}}', '{"a.md": {"sha256": "x", "changed": "soon"}}', '{"a": 1}']
)
def test_a_broken_dates_file_is_logged_and_ignored(client, write, settings, caplog, text):
    write("/a")
    settings.CONTENT_DATES.write_text(text)
    assert entries(client) == {f"{SITE}/a": None}
    assert "record_dates" in caplog.text


def test_every_page_in_the_sitemap_has_its_own_url_as_canonical_link(server):
    response = server.get("/sitemap.xml")
    addresses = re.findall("<loc>([^<]+)</loc>", response.text)
    assert f"{server.url}{SEED_URL}" in addresses
    for address in addresses:
        page = server.get(address.removeprefix(server.url))
        assert page.status == 200 and f'<link rel="canonical" href="{address}">' in page.text
    assert server.get("/sitemap.xml", "POST").status == 405


HUB = "\n**Pages under:** {url}\n"


def write_hub(path, url, listed, more=""):
    path.write_text(PAGE.format(url=url, more=more) + HUB.format(url=listed))


def test_a_hub_changes_with_the_pages_that_it_lists(client, repository, write):
    write_hub(repository / "hub.md", "/hub", "/hub")
    write_hub(repository / "index.md", "/", "/hub")
    write("/hub/a")
    commit(repository, "2026-01-03")
    write("/hub/b")
    write("/other")
    commit(repository, "2026-03-04")
    found = entries(client)
    assert {url.removeprefix(SITE): day for url, day in found.items()} == {
        "/": "2026-03-04",
        "/edited": "2026-01-02",
        "/hub": "2026-03-04",
        "/hub/a": "2026-01-03",
        "/hub/b": "2026-03-04",
        "/old": "2026-01-02",
        "/other": "2026-03-04",
    }


def test_a_hub_changes_when_a_page_goes_live_or_expires(client, repository, write):
    for hub in ("live", "expired", "later"):
        write_hub(repository / f"{hub}.md", f"/{hub}", f"/{hub}")
    write("/live/a", "Publish: 2026-02-03 23:00 -05:00\n")
    write("/expired/a", "Expires: 2026-03-04 09:00\n")
    write("/expired/draft", "Expires: 2026-03-05 09:00\nStatus: draft\n")
    write("/later/a", "Publish: 2126-01-01\n")
    commit(repository, "2026-01-03")
    found = {url.removeprefix(SITE): day for url, day in entries(client).items()}
    assert found["/live"] == found["/live/a"] == "2026-02-04"
    assert (found["/expired"], found["/later"]) == ("2026-03-04", "2026-01-03")


@pytest.mark.parametrize("with_git", [True, False])
def test_a_hub_changes_when_a_page_is_deleted_moved_or_made_a_draft(client, repository, write, with_git):
    for hub in ("deleted", "moved", "draft", "never-live", "other"):
        write_hub(repository / f"{hub}.md", f"/{hub}", f"/{hub}")
        write(f"/{hub}/a")
        write(f"/{hub}/b", "Status: draft\n" if hub == "never-live" else "")
    write("/elsewhere/b", "Aliases: /old-alias\n")
    commit(repository, "2026-01-03")
    for hub in ("deleted", "moved", "never-live"):
        (repository / hub / "b.md").unlink()
    write("/elsewhere/c", "Aliases: /moved/b\n")
    write("/draft/b", "Status: draft\n")
    commit(repository, "2026-03-04")
    write("/elsewhere/c", "Aliases: /moved/b\nKeywords: more\n")
    commit(repository, "2026-05-06")
    if not with_git:
        call_command("record_dates")
        shutil.rmtree(repository.parent / ".git")
        git_dates._cache = None
    found = {url.removeprefix(SITE): day for url, day in entries(client).items()}
    assert [found[f"/{hub}"] for hub in ("deleted", "moved", "draft")] == ["2026-03-04"] * 3
    assert found["/never-live"] == found["/other"] == "2026-01-03"


def test_a_deletion_that_is_not_committed_changes_no_day(client, repository, write):
    write_hub(repository / "hub.md", "/hub", "/hub")
    write("/hub/a")
    write("/hub/b")
    commit(repository, "2026-01-03")
    (repository / "hub" / "b.md").unlink()
    assert entries(client)[f"{SITE}/hub"] == "2026-01-03"


def test_a_hub_with_uncommitted_changes_has_no_date_although_its_pages_have_dates(client, repository, write):
    write("/hub/a")
    commit(repository, "2026-01-03")
    write_hub(repository / "hub.md", "/hub", "/hub")
    assert entries(client)[f"{SITE}/hub"] is None


def test_each_page_of_an_article_list_has_the_day_of_its_newest_change(client, repository, write):
    write_hub(repository / "blog.md", "/blog", "/blog")
    for number in range(1, 22):
        write(f"/blog/a{number}", f"Author: A\nDate: 2025-01-{number:02}\n")
    commit(repository, "2026-01-03")
    write("/blog/a1", "Author: B\nDate: 2025-01-01\n")  # this is the oldest article, so it is on page 2 of the list
    commit(repository, "2026-03-04")
    found = {url.removeprefix(SITE): day for url, day in entries(client).items()}
    assert (found["/blog"], found["/blog/page/2"]) == ("2026-01-03", "2026-03-04")


def test_a_sample_report_changes_with_the_page_of_its_role(client, repository, write):
    report = write("/report")
    score = "| Dimension | Score |\n|---|---|\n| Technical | 66 ± 9 |\n"
    report.write_text(f"{report.read_text()}\n## ASSESSMENT REPORT\n\n**Role:** /hire/role\n\n{score}")
    write("/hire/role")
    commit(repository, "2026-01-03")
    write("/hire/role", "Keywords: more\n")
    commit(repository, "2026-03-04")
    assert entries(client)[f"{SITE}/report"] == "2026-03-04"
