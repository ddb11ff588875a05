"""Drafts and scheduled pages: the checker lists their problems separately, and these problems don't fail the check."""

import json
import logging
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from pages.content import library
from pages.repository import current
from pages.repository.visible_pages import VisiblePages
from tests.support.content_samples import page_text

from ...conftest import SAMPLE_SITE
from .test_content_commands import check

DRAFT, SCHEDULED = "Status: draft\nTitle:", "Publish: 2999-12-01 09:00 +05:30\nTitle:"
EXPIRED = "Expires: 2020-12-01 09:00 +05:30\nTitle:"


@pytest.fixture
def folder(tmp_path, settings):
    """A content folder with four pages that link to each other and have no problems."""
    folder = tmp_path / "content"
    folder.mkdir()
    for name in "abcd":
        links = " ".join(f"[Page {other}](/{other})" for other in "abcd" if other != name)
        (folder / f"{name}.md").write_text(page_text(f"Page {name}", f"/{name}", links))
    (folder / "site.toml").write_text("[calls_to_action]\n")
    settings.CONTENT_DIR = folder
    return folder


def write(folder, name, body="Words.", meta="Title:", url=""):
    text = page_text(f"Page {name}", url or f"/{name}", body).replace("Title:", meta, 1)
    (folder / f"{name}.md").write_text(text)


def counted(folder):
    """Return the path and the rule of each problem that makes the check fail."""
    output, status = check("--strict", "--format", "json")
    problems = [(problem["path"], problem["rule"]) for problem in json.loads(output) if problem["level"] != "notice"]
    assert bool(problems) == bool(status)
    return problems


@pytest.mark.parametrize("meta", [DRAFT, SCHEDULED, EXPIRED, "Draft: yes\nTitle:"])
def test_problems_of_unfinished_pages_are_listed_apart_and_never_fail_the_check(folder, meta):
    write(folder, "e", "TODO: words\n\n[nowhere](/nowhere)\n\n![](images/none.png)", meta)
    output, status = check("--strict")
    assert status == 0
    apart, _, verdict = output.partition("These problems don't fail the check.")
    assert apart.startswith("These problems don't count, because they are about pages that aren't live:\n")
    assert all(f"content/e.md:{line}" in apart for line in ("14:1: error: gap", "16:2: error: broken-link"))
    assert verdict.endswith("\n\n5 documents: 0 errors, 0 warnings\n")
    assert counted(folder) == []
    notices = check("--format", "github")[0].splitlines()
    assert notices and all(line.startswith("::notice file=content/e.md,") for line in notices)


@pytest.mark.parametrize("meta", [DRAFT, SCHEDULED])
def test_the_drafts_option_counts_problems_of_unfinished_pages(folder, meta):
    write(folder, "e", "TODO: words", meta)
    output, status = check("--drafts")
    assert (status, "gap" in output, "These problems" in output) == (1, True, False)
    assert {problem["rule"] for problem in json.loads(check("--drafts", "--format", "json")[0])} >= {"gap"}


@pytest.mark.parametrize(
    "meta", ["Publish: next Monday\nTitle:", "Staus: published\nTitle:", "Status: reviewed\nTitle:"]
)
def test_a_page_that_is_a_draft_by_mistake_fails_the_check(folder, meta):
    write(folder, "e", "TODO: words", meta)
    assert ("content/e.md", "gap") in counted(folder)


def test_unreadable_front_matter_of_a_marked_draft_does_not_fail_the_check(folder):
    text = page_text("Page e", "/e", "Words.")
    (folder / "e.md").write_text("---\nkeywords: e\nno key\n---\n" + text)
    assert ("content/e.md", "front-matter") in counted(folder)
    (folder / "e.md").write_text("---\nstatus: draft\nno key\n---\n" + text)
    assert counted(folder) == []


@pytest.mark.parametrize("meta", [DRAFT, SCHEDULED, EXPIRED])
def test_an_unfinished_page_that_resembles_a_live_page_never_fails_the_live_page(folder, meta):
    """The unfinished page's file comes first, and shares a title, description, URL or old URL with a live page."""
    text = (folder / "c.md").read_text().replace("\n## /c\n", "\n## /0\n").replace("Title:", meta)
    (folder / "0.md").write_text(text)
    write(folder, "1", meta=meta, url="/b")
    write(folder, "2", meta=f"Aliases: /a\n{meta}")
    write(folder, "d", "[a](/a) [b](/b) [c](/c)", "Aliases: /3\nTitle:")
    write(folder, "3", meta=meta)
    assert counted(folder) == []
    content = library.load(folder)
    assert content.pages["/b"].path == "content/b.md" and content.aliases["/3"] == "/d"
    reported = {(problem.path, problem.rule) for problem in content.all_problems}
    assert reported >= {("content/0.md", "repeated-title"), ("content/0.md", "repeated-description"),
                        ("content/1.md", "doubled-url"), ("content/2.md", "doubled-url"),
                        ("content/3.md", "doubled-url")}  # fmt: skip


def test_a_live_page_with_a_link_to_a_draft_fails_the_check_and_the_message_says_why(folder):
    write(folder, "e", meta=DRAFT)
    write(folder, "f", meta=SCHEDULED)
    write(folder, "d", "[a](/a) [b](/b) [c](/c) [early](/e) [later](/f)")
    assert counted(folder) == [("content/d.md", "broken-link")]
    output, status = check()
    assert status == 1
    assert "This link leads to /e, but that page is a draft. Visitors see the text without a link." in output
    assert "This link leads to /f, but that page is not live until 2999-12-01 03:30 UTC." in output.partition("\n5")[0]
    write(folder, "d", "[a](/a) [b](/b) [c](/c) [later](/f)")
    assert check("--strict")[1] == 0


def test_a_live_page_with_a_link_to_a_file_of_an_unfinished_page_says_so(folder):
    (folder / "kit.md").write_text((SAMPLE_SITE / "kit.md").read_text())
    questions = "## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*What this reveals:* Care."
    write(folder, "e", questions, DRAFT)
    write(folder, "f", questions, SCHEDULED)
    write(folder, "d", "[a](/a) [b](/b) [c](/c) [one](/e.csv) [two](/f.csv)")
    assert counted(folder) == [("content/d.md", "broken-link")]
    output, _ = check()
    assert "This link leads to /e.csv, but that file comes from /e, which is a draft." in output
    assert "This link leads to /f.csv, but that file comes from /f, which is not live until" in output
    content = library.load(folder)
    visible = VisiblePages(content, datetime.now(UTC), drafts=False)
    assert [visible.is_hidden(path) for path in ("/e.csv", "/f.csv", "/e", "/a", "/a.csv")] == [True] * 3 + [False] * 2
    (folder / "e.csv").write_text("a,b\n")
    assert not VisiblePages(library.load(folder), datetime.now(UTC), drafts=False).is_hidden("/e.csv")
    assert counted(folder) == []


def test_a_report_about_an_old_url_says_the_new_one(folder):
    write(folder, "e", "## DIMENSIONS\n\n### Craft (100%)", "Aliases: /old\nTitle:")
    write(folder, "f", "**Role:** /old\n\n| Dimension | Score |\n|---|---|\n| Craft | 70 ± 4 |")
    output, _ = check()
    assert "This report is about /old, but that page now has the URL /e." in output
    assert "help: Write `**Role:** /e`." in output


def test_the_links_of_a_scheduled_page_are_counted_at_the_time_when_it_goes_live(folder):
    def problems():
        output, _ = check("--drafts", "--format", "json")
        return {each["rule"]: each["message"] for each in json.loads(output) if each["path"] == "content/e.md"}

    write(folder, "e", "Words.", SCHEDULED)
    assert problems() == {
        "few-links-in": "No other page links to this page.",
        "no-links-out": "This page links to no other page.",
    }
    assert counted(folder) == []
    write(folder, "e", "[a](/a)", SCHEDULED)
    early, late = "Expires: 2998-12-01 09:00 +05:30\nTitle:", SCHEDULED.replace("12-01", "12-02")
    for name, meta in {"a": "Title:", "f": SCHEDULED, "g": DRAFT, "h": early, "i": late}.items():
        write(folder, name, "[b](/b) [c](/c) [d](/d) [e](/e)", meta)
    assert problems() == {"few-links-in": "Only 2 other pages link to this page."}
    write(folder, "b", "[a](/a) [c](/c) [d](/d) [e](/e)")
    assert problems() == {}
    write(folder, "e", "Words.", DRAFT)
    assert problems() == {}


def test_a_page_with_noindex_needs_no_links_but_its_own_links_count(folder):
    write(folder, "e", "Words.", "Robots: noindex\nTitle:")
    assert counted(folder) == []
    write(folder, "d", "[b](/b) [c](/c)")  # d no longer links to a
    assert counted(folder) == [("content/a.md", "few-links-in")]
    write(folder, "e", "[a](/a)", "Robots: noindex\nTitle:")
    assert counted(folder) == []


def test_problems_of_unfinished_pages_are_not_logged_in_production(content, caplog, settings):
    current.get_library()
    text = page_text("Page e", "/e", "TODO: words")
    with caplog.at_level(logging.WARNING):
        (content / "e.md").write_text(text.replace("Title:", SCHEDULED))
        current.refresh()
        assert caplog.text == ""
        (content / "e.md").write_text(text)
        current.refresh()
        assert "content/e.md:" in caplog.text and "gap" in caplog.text


def test_visitors_see_links_and_buttons_to_an_unfinished_page_as_text(content, client):
    hire = content / "hire"
    (hire / "later.md").write_text(page_text("Later", "/hire/later", "Words.").replace("Title:", SCHEDULED))
    body = "**[Ask about it → /hire/later]**\n\nRead [the launch](/hire/later#one)."
    body += "\n\n## RELATED ROLES\n\n- [Later](/hire/later)"
    (hire / "e.md").write_text(page_text("Page e", "/hire/e", body))
    page = BeautifulSoup(client.get("/hire/e").content, "html.parser").main
    assert not page.select('[href^="/hire/later"], .button')
    assert [text in page.get_text() for text in ("Ask about it", "Read the launch.", "Later")] == [True] * 3
