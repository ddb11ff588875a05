"""Test the marketers' commands, such as check_content. tests/fixtures/invalid has broken documents for each rule."""

import csv
import errno
import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from pages.content import autofix, library
from pages.content.problems import RULES
from pages.management.commands import check_content
from pages.repository import read_cache
from tests.support.content_samples import page_text

from ...conftest import ROOT, SAMPLE_SITE, SEED, SEED_URL
from ...support.kits import kit_document
from ..deploy.test_startup_checks import run

INVALID = ROOT / "tests" / "fixtures" / "invalid"
FIXABLE_RULES = ["ragged-table", "broken-markdown", "cta-arrow", "question-number", "doubled-meta-key", "link-spelling"]


@pytest.fixture
def valid(tmp_path, settings):
    """A content folder with four pages that link to each other and have no problems."""
    folder = tmp_path / "content"
    folder.mkdir()
    names = "abcd"
    for name in names:
        links = " ".join(f"[Page {other}](/{other})" for other in names if other != name)
        (folder / f"{name}.md").write_text(page_text(f"Page {name}", f"/{name}", links))
    (folder / "site.toml").write_text("[calls_to_action]\n")
    settings.CONTENT_DIR = folder
    return folder


def check(*arguments: str) -> tuple[str, int]:
    """Run check_content, and return its output and exit status."""
    out = io.StringIO()
    try:
        call_command("check_content", *arguments, stdout=out)
    except SystemExit as error:
        return out.getvalue(), int(error.code or 0)
    return out.getvalue(), 0


@pytest.mark.parametrize("selection", [(), ("content/a.md",)])
def test_a_syntax_error_in_site_toml_is_the_only_reported_problem(valid, selection):
    (valid / "b.md").write_text(page_text("Page b", "/b", "**[Start]**\n\n[x](/nowhere)"))
    (valid / "site.toml").write_text('header = ["/a"\n\n[calls_to_action]\n"Start" = "/a"\n')
    output, status = check(*selection)
    assert status == 1 and output.startswith("content/site.toml:3:1: error: site-settings\n")
    assert output.count(" error: ") == 1 and "The documents were not checked" in output
    output, _ = check("--format", "json", *selection)
    assert [problem["path"] for problem in json.loads(output)] == ["content/site.toml"]


# This rule compares documents with git's history (see test_lost_addresses.py).
WITHOUT_FOLDER = {"lost-address"}


@pytest.mark.parametrize("rule", sorted(set(RULES) - WITHOUT_FOLDER))
def test_each_rule_reports_the_problems_in_its_invalid_documents(rule):
    problems = library.load(INVALID / rule / "content").all_problems
    places = [
        f"{problem.path}:{problem.line}:{problem.column}: {problem.level}: {problem.rule}" for problem in problems
    ]
    expected = (INVALID / rule / "problems.txt").read_text().splitlines()
    assert expected
    assert [place for place in places if place.endswith(f" {rule}")] == expected
    assert all(problem.message.endswith(".") and problem.help for problem in problems)


def test_every_rule_has_a_folder_of_invalid_documents():
    assert {folder.name for folder in INVALID.iterdir()} == set(RULES) - WITHOUT_FOLDER


def test_valid_documents_pass_the_strict_check(valid):
    assert check("--strict") == ("4 documents: 0 errors, 0 warnings\n", 0)


def test_text_output_shows_the_marked_line_with_its_location_and_help(valid):
    shutil.copy(INVALID / "dimension-weights" / "content" / "a.md", valid / "a.md")
    output, status = check("content/a.md")
    assert status == 1
    assert (
        "content/a.md:13:16: error: dimension-weights\n"
        "   13 | ### Technical (54%)\n"
        "      |                ^^^\n"
        "   The three dimensions add up to 109%, not 100%: 54 + 35 + 20.\n"
        "   help: Did you mean 45%?\n"
    ) in output
    assert output.endswith("\n1 document: 1 error, 1 warning\n")


def test_warnings_fail_the_check_only_with_the_strict_option(valid):
    (valid / "e.md").write_text(page_text("Page e", "/e", "[Page a](/a)"))
    assert check()[1] == 0
    assert check("--strict")[1] == 1


def test_notices_are_listed_apart_and_never_fail_the_check(valid):
    shutil.copy(INVALID / "stale-fact" / "content" / "facts.toml", valid)
    for options in (["--strict"], ["--strict", "--drafts"]):
        output, status = check(*options)
        assert status == 0 and output.startswith(
            "Notices appear as time passes, or give advice:\n\ncontent/facts.toml:5:13: notice: stale-fact"
        )
        assert output.endswith("1 notice. Notices don't fail the check.\n\n4 documents: 0 errors, 0 warnings\n")
    output, status = check("--strict", "--format", "json")
    assert status == 0 and [problem["level"] for problem in json.loads(output)] == ["notice"]
    output, status = check("--strict", "--format", "github")
    assert status == 0 and output.startswith("::notice file=content/facts.toml,line=5,col=13,title=stale-fact::")


def test_only_selected_paths_are_checked(valid):
    (valid / "hire").mkdir()
    (valid / "hire" / "e.md").write_text("TODO")
    assert check("content/a.md")[1] == 0
    assert check("content/hire")[1] == check(str(valid / "hire" / "e.md"))[1] == check()[1] == 1
    with pytest.raises(CommandError, match="There is no file or folder content/nothing"):
        check("content/nothing.md")


def test_json_output_is_a_list_of_objects(valid):
    (valid / "a.md").write_text("TODO")
    output, status = check("--format", "json", "content/a.md")
    problems = json.loads(output)
    assert status == 1
    assert {problem["rule"] for problem in problems} >= {"gap", "missing-meta"}
    assert all(list(problem) == ["path", "line", "column", "level", "rule", "message", "help"] for problem in problems)


def test_github_format_prints_annotations(valid):
    (valid / "a.md").write_text("TODO: 100%")
    output, _ = check("--format", "github", "content/a.md")
    assert "::error file=content/a.md,line=1,col=1,title=gap::This TODO is still in the document. " in output


def test_a_folder_without_documents_is_an_error(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path
    with pytest.raises(CommandError, match="no documents"):
        check()


def test_the_commands_need_no_settings(valid):
    folder = {"CONTENT_DIR": str(valid)}
    assert "4 documents: 0 errors, 0 warnings" in run("manage.py", "check_content", "--strict", **folder).stdout
    assert "/a" in run("manage.py", "content_report", **folder).stdout


@pytest.mark.parametrize("rule", FIXABLE_RULES)
def test_fix_applies_edits_and_prints_a_diff(tmp_path, settings, rule):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / rule / "content", folder)
    settings.CONTENT_DIR = folder
    before = {path: path.read_text() for path in folder.glob("*.md")}
    output, _ = check("--fix")
    remaining = [problem.line for problem in library.load(folder).all_problems if problem.rule == rule]
    assert remaining == {"doubled-meta-key": [9], "ragged-table": [16], "broken-markdown": [15, 17, 20, 22]}.get(
        rule, []
    )
    changed = [path for path, text in before.items() if path.read_text() != text]
    assert changed
    assert all(f"--- content/{path.name}\n+++ content/{path.name}\n@@" in output for path in changed)
    assert check("--fix")[0].count("@@") == 0


def test_fix_keeps_byte_order_mark_and_newlines(tmp_path, settings):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / "ragged-table" / "content", folder)
    settings.CONTENT_DIR = folder
    path = folder / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    check("--fix")
    after = path.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf# A\r\n")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert b"| A | B |\r\n|---|---|\r\n| one | |\r\n| one | two | three |\r\n| one | two |\r\n" in after


def test_fix_corrects_the_links_in_site_toml_and_kit_md_to_a_renamed_page(valid):
    moved = page_text("Moved", "/moved", "Words.").replace("Description:", "Aliases: /before\nDescription:")
    (valid / "moved.md").write_text(moved)
    (valid / "site.toml").write_text(
        'header = ["/before", "Moved → /before#top"]\nheader_button = "Go → /before"\nfooter = ["/Before/"]\n\n'
        '[calls_to_action]\n"Go on" = "/before?a=b"\n\n'
        '[banner]\ntext = "“New”: [a page](/before) and [one](/before)"\npages = ["/before"]\n\n'
        '[footer_groups]\nMore = ["/before"]\n'
    )
    (valid / "calls.md").write_text(page_text("Calls", "/calls", "**[Go on]**"))
    (valid / "kit.md").write_text(f"{kit_document()}\n[A page](/before)\n")
    check("--fix")
    site, kit = ((valid / name).read_text() for name in ("site.toml", "kit.md"))
    assert site == (
        'header = ["/moved", "Moved → /moved#top"]\nheader_button = "Go → /moved"\nfooter = ["/moved"]\n\n'
        '[calls_to_action]\n"Go on" = "/moved?a=b"\n\n'
        '[banner]\ntext = "“New”: [a page](/moved) and [one](/moved)"\npages = ["/moved"]\n\n'
        '[footer_groups]\nMore = ["/moved"]\n'
    )
    assert "[A page](/moved)" in kit and "/before" not in kit


def test_the_fix_option_changes_only_selected_paths(tmp_path, settings):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / "ragged-table" / "content", folder)
    shutil.copy(folder / "a.md", folder / "b.md")
    settings.CONTENT_DIR = folder
    before = (folder / "a.md").read_bytes()
    check("--fix", "content/b.md")
    assert (folder / "a.md").read_bytes() == before != (folder / "b.md").read_bytes()


def test_the_fix_option_names_the_unchanged_document_after_a_write_error(tmp_path, settings, monkeypatch, capsys):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / "ragged-table" / "content", folder)
    settings.CONTENT_DIR = folder
    before = {path: path.read_bytes() for path in folder.iterdir()}

    def fsync(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pages.atomic_files.os.fsync", fsync)
    assert check("--fix")[1] == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    message = "content/a.md can't be fixed: No space left on device. The document is unchanged."
    assert message in capsys.readouterr().err


def test_fix_continues_after_a_document_that_it_cannot_write(valid, monkeypatch, capsys):
    replace_file = autofix.replace_file

    def fail(path, **options):
        if path.name == "b.md":
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace_file(path, **options)

    for name in "bc":
        path = valid / f"{name}.md"
        path.write_text(path.read_text().replace("(/a)", "(/a/)"))
    monkeypatch.setattr(autofix, "replace_file", fail)
    output, status = check("--fix")
    assert status == 1 and "content/b.md can't be fixed: Permission denied." in capsys.readouterr().err
    assert "(/a/)" in (valid / "b.md").read_text() and "(/a)" in (valid / "c.md").read_text()
    assert output.count("link-spelling") == 1


def test_a_document_that_changes_during_the_check_is_not_fixed(tmp_path, settings, monkeypatch, capsys):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / "ragged-table" / "content", folder)
    settings.CONTENT_DIR = folder
    find_edits = autofix.edits_by_document

    def change(content):
        (folder / "a.md").write_text("# Changed\n")
        return find_edits(content)

    monkeypatch.setattr(autofix, "edits_by_document", change)
    check("--fix")
    assert (folder / "a.md").read_text() == "# Changed\n"
    assert "content/a.md was changed during the check, so it was not fixed." in capsys.readouterr().err


def test_the_report_lists_all_pages_and_names_orphan_pages(valid):
    (valid / "e.md").write_text(
        page_text("Page e", "/e", "[Page a](/a) and words").replace("Title", "Status: draft\nTitle")
    )
    out = io.StringIO()
    call_command("content_report", "--format", "csv", stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff"))))
    assert [row["url"] for row in rows] == ["/a", "/b", "/c", "/d", "/e"]
    assert [(row["links in"], row["links out"]) for row in rows] == [*[("3", "3")] * 4, ("0", "1")]
    assert (rows[4]["state"], rows[4]["words"], rows[4]["sections"], rows[4]["path"]) == (
        "draft",
        "5",
        "1",
        "content/e.md",
    )
    out = io.StringIO()
    call_command("content_report", stdout=out)
    assert out.getvalue().endswith("No page links to: /e\n")


def test_a_new_page_has_no_problems_except_its_todos(valid):
    for url in ("start", "resources/question-bank", "resources/hiring-scorecard", "hire/data-engineer"):
        path = valid / f"{url}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page_text(url, f"/{url}", "[Page a](/a)"))
    shutil.copy(SEED, valid / "hire" / "machine-learning-engineer.md")
    shutil.copy(SAMPLE_SITE / "site.toml", valid / "site.toml")
    out = io.StringIO()
    call_command("new_page", "/hire/site-reliability-engineer", "--like", SEED_URL, stdout=out)
    assert "Wrote the draft content/hire/site-reliability-engineer.md with" in out.getvalue()
    content = library.load(valid)
    page, like = content.pages["/hire/site-reliability-engineer"], content.pages[SEED_URL]
    assert [section.kind for section in page.sections] == [section.kind for section in like.sections]
    assert (page.name, page.meta.draft) == ("Hire Site Reliability Engineer", True)
    assert {problem.rule for problem in content.all_problems if problem.path == page.path} == {"gap"}
    sentences = [line for line in like.plain_text.split(". ") if len(line.split()) > 6]
    assert [line for line in sentences if line in page.plain_text] == []


def test_a_new_page_can_copy_a_page_whose_headings_start_at_a_lower_level(valid):
    shutil.copy(ROOT / "tests" / "fixtures" / "documents" / "one-level-down.md", valid / "lower.md")
    (like,) = [page for page in library.load(valid).pages.values() if page.path == "content/lower.md"]
    call_command("new_page", "/hire/security-engineer", "--like", like.url, stdout=io.StringIO())
    page = library.load(valid).pages["/hire/security-engineer"]
    assert [section.kind for section in page.sections] == [section.kind for section in like.sections]
    assert "DEVOPS" not in page.source.text


@pytest.mark.parametrize(
    "rule", ["sample-report", "question-number", "few-links-in", "broken-link", "intent", "video-privacy"]
)
def test_several_processes_and_their_cache_find_the_same_problems_as_one(settings, monkeypatch, tmp_path, rule):
    settings.CONTENT_DIR, settings.BUILD_DIR = INVALID / rule / "content", tmp_path
    output = check()
    assert rule in output[0]
    monkeypatch.setattr(check_content, "MIN_CACHED_DOCUMENTS", 1)
    monkeypatch.setattr(read_cache, "MIN_PARALLEL_DOCUMENTS", 1)
    assert check() == output
    assert check() == output


def test_todos_and_html_in_code_or_comments_are_ignored(valid):
    body = "`TODO` and `<b>`\n\n```\nTODO <b>\n```\n\n<!-- a <b>note</b>\n\n<i>of two lines</i> -->"
    (valid / "a.md").write_text(page_text("Page a", "/a", body))
    output, _ = check("--format", "json", "content/a.md")
    assert [
        (problem["rule"], problem["line"]) for problem in json.loads(output) if problem["rule"] != "no-links-out"
    ] == [("html", 19)]


def test_external_images_and_a_missing_meta_image_are_reported(valid):
    text = page_text("Page a", "/a", "![A panel](https://example.com/e.png) [b](/b)")
    (valid / "a.md").write_text(text.replace("Title:", "Image: /images/card.png\nTitle:"))
    output, _ = check("--format", "json", "content/a.md")
    assert [(problem["rule"], problem["line"]) for problem in json.loads(output)] == [
        ("missing-image", 7),
        ("missing-image", 14),
    ]


@pytest.mark.parametrize(
    ("url", "like", "message"),
    [
        ("/hire/new", "/nowhere", "No page has the URL /nowhere. Use one of these URLs: /a, /b, /c, /d"),
        ("/a", "/b", "content/a.md already uses the URL /a. Choose another URL."),
        ("/Hire/New Page", "/b", "is not valid"),
        ("hire/new", "/b", "is not valid"),
        ("/../new", "/b", "is not valid"),
    ],
)
def test_the_new_page_command_refuses_invalid_arguments(valid, url, like, message):
    with pytest.raises(CommandError, match=message):
        call_command("new_page", url, "--like", like)
    assert len(list(valid.rglob("*.md"))) == 4


@pytest.mark.parametrize(("url", "owner"), [("/price.pdf", "file content/Price.pdf"), ("/l", "document content/l.md")])
def test_the_new_page_command_does_not_replace_a_file(valid, url, owner):
    (valid / "Price.pdf").write_text("%PDF")
    (valid / "l.md").symlink_to("nothing")
    before = sorted(valid.iterdir())
    with pytest.raises(CommandError, match=f"The {owner} already uses the URL {url}"):
        call_command("new_page", url, "--like", "/a")
    assert sorted(valid.iterdir()) == before and (valid / "l.md").is_symlink()


def test_the_new_page_command_rejects_a_name_that_is_too_long(valid):
    with pytest.raises(CommandError, match="File name too long"):
        call_command("new_page", "/" + "a" * 300, "--like", "/a")
