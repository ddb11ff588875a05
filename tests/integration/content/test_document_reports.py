"""Test the reports about documents, which the check writes to a file and the admin reads."""

import logging
import os
import subprocess

import pytest
from django.core.management import call_command

from pages.content import library
from pages.repository import document_reports

META = "```\nTitle: {name}\nDescription: {name} has a description that is long enough for the checker to accept.\n```"


@pytest.fixture
def folder(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path / "content"
    settings.CONTENT_DIR.mkdir()
    settings.CONTENT_DATES = tmp_path / "dates.json"
    return settings.CONTENT_DIR


def write(folder, name, text=""):
    meta = META.format(name=name.title())
    (folder / f"{name}.md").write_text(f"# {name.title()}\n## /{name}\n\n## META\n\n{meta}\n\n## ONE\n\n{text}\n")


def commit(folder, day, author):
    names = {f"GIT_{who}_{what}": author for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = f"{day}T12:00:00+00:00"
    env = os.environ | names | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", *command], cwd=folder, env=env, check=True)


def test_a_report_has_links_problems_and_the_last_commit(folder):
    write(folder, "a", "[To b](/b), [to b again](/b), [elsewhere](https://example.com), and [nowhere](/nowhere)")
    write(folder, "b", "Words")
    (folder / "site.toml").write_text("header = ['/missing']\n[calls_to_action]\n")
    commit(folder, "2026-02-03", "Zoë Example")
    write(folder, "b", "Other words")
    reports = document_reports.current_reports(library.load(folder))
    assert (reports["content/a.md"].links_in, reports["content/a.md"].links_out) == (0, 1)
    assert (reports["content/b.md"].links_in, reports["content/b.md"].links_out) == (1, 0)
    assert [problem.rule for problem in reports["content/a.md"].problems if problem.level == "error"] == ["broken-link"]
    assert [problem.level for problem in reports["content/site.toml"].problems] == ["error"]
    assert (str(reports["content/a.md"].commit.day), reports["content/a.md"].commit.author) == (
        "2026-02-03",
        "Zoë Example",
    )
    assert reports["content/b.md"].commit is None  # not committed


def test_recorded_commits_are_used_without_git(folder):
    write(folder, "a")
    commit(folder, "2026-02-03", "Zoë Example")
    call_command("record_dates")
    subprocess.run(["rm", "-r", folder / ".git"], check=True)
    commits = document_reports.current_reports(library.load(folder))["content/a.md"].commit
    assert (str(commits.day), commits.author) == ("2026-02-03", "Zoë Example")


def test_a_document_without_meta_has_a_report(folder):
    (folder / "draft.md").write_text("# Notes\n\nWords\n")
    (folder / "site.toml").write_text("[calls_to_action]\n")
    report = document_reports.current_reports(library.load(folder))["content/draft.md"]
    assert report.links_in == 0
    assert report.problems


def test_documents_have_no_reports_if_site_toml_is_unreadable(folder):
    write(folder, "a")
    (folder / "site.toml").write_text("header = [")
    assert list(document_reports.current_reports(library.load(folder))) == ["content/site.toml"]


def test_reports_are_the_same_after_writing_and_reading(folder, tmp_path, capsys):
    write(folder, "a", "[Nowhere](/nowhere)")
    write(folder, "b", "[To a](/a)\n\n**Pages under:** /b")
    write(folder, "b-offer")
    (folder / "b-offer.md").write_text(
        (folder / "b-offer.md")
        .read_text()
        .replace("/b-offer", "/b/offer")
        .replace("Title:", "Expires: 2020-01-01\nTitle:")
    )
    commit(folder, "2026-02-03", "Zoë Example")
    path = tmp_path / "reports"
    with pytest.raises(SystemExit):
        call_command("check_content", "--report", path)
    read, built = document_reports.read(path), document_reports.current_reports(library.load(folder))
    assert read.keys() == built.keys()
    for name, report in built.items():
        assert (read[name].digest, read[name].links_in, read[name].links_out, read[name].commit) == (
            report.digest,
            report.links_in,
            report.links_out,
            report.commit,
        )
        assert [(each.rule, each.line, each.level, each.message) for each in read[name].problems] == [
            (each.rule, each.line, each.level, each.message) for each in report.problems
        ]
    assert [each.level for each in read["content/b.md"].problems if each.rule == "broken-link"] == ["notice"]


def test_missing_and_damaged_files_have_no_reports(tmp_path, caplog):
    path = tmp_path / "reports"
    assert document_reports.read(path) is None
    path.write_bytes(b"damaged by a failing disk")
    caplog.set_level(logging.ERROR)
    assert document_reports.read(path) is None
    assert "is damaged" in caplog.text
    assert not path.exists()  # the publisher writes a missing file again
