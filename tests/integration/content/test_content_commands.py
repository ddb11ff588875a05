"""The commands that a marketer works with, on the documents of tests/fixtures/invalid: a folder a rule."""

import csv
import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from pages.content import library
from pages.content.problems import RULES

from ...conftest import ROOT, SAMPLE_SITE, SEED, SEED_URL
from ..deploy.test_startup_checks import run

INVALID = ROOT / "tests" / "fixtures" / "invalid"
DESCRIPTION = "Structured questions, a scorecard, and scores that say how sure they are of themselves."
FIXED = ["ragged-table", "question-number", "doubled-meta-key", "link-spelling"]


def document(name: str, url: str, body: str) -> str:
    meta = f"```\nTitle: {name}\nDescription: {name}: {DESCRIPTION}\n```"
    return f"# {name}\n## {url}\n\n## META\n\n{meta}\n\n## ONE\n\n{body}\n"


@pytest.fixture
def sound(tmp_path, settings):
    """Four pages that link to each other and of which nothing is to be said, but for the site's settings."""
    folder = tmp_path / "content"
    folder.mkdir()
    names = "abcd"
    for name in names:
        links = " ".join(f"[Page {other}](/{other})" for other in names if other != name)
        (folder / f"{name}.md").write_text(document(f"Page {name}", f"/{name}", links))
    (folder / "site.toml").write_text("[calls_to_action]\n")
    settings.CONTENT_DIR = folder
    return folder


def check(*arguments: str) -> tuple[str, int]:
    """What the command says, and its exit status."""
    out = io.StringIO()
    try:
        call_command("check_content", *arguments, stdout=out)
    except SystemExit as exit:
        return out.getvalue(), int(exit.code or 0)
    return out.getvalue(), 0


@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_rule_is_raised_where_its_invalid_documents_break_it(rule):
    found = library.load(INVALID / rule / "content").all_problems
    places = [f"{problem.path}:{problem.line}:{problem.column}: {problem.level}: {problem.rule}" for problem in found]
    expected = (INVALID / rule / "problems.txt").read_text().splitlines()
    assert expected
    assert [place for place in places if place.endswith(f" {rule}")] == expected
    assert all(problem.message and problem.help for problem in found)


def test_there_are_invalid_documents_for_every_rule_and_none_besides():
    assert {folder.name for folder in INVALID.iterdir()} == set(RULES)


def test_sound_documents_pass_strictly(sound):
    assert check("--strict") == ("4 documents: 0 errors, 0 warnings\n", 0)


def test_a_problem_is_shown_with_its_place_and_its_mend(sound):
    shutil.copy(INVALID / "dimension-weights" / "content" / "a.md", sound / "a.md")
    said, status = check("content/a.md")
    assert status == 1
    assert (
        "content/a.md:13:16: error: dimension-weights\n"
        "   13 | ### Technical (54%)\n"
        "      |                ^^^\n"
        "   the three dimensions add up to 109%, not 100%: 54 + 35 + 20\n"
        "   help: did you mean 45%?\n"
    ) in said
    assert said.endswith("\n1 document: 1 error, 1 warning\n")


def test_warnings_exit_with_nothing_unless_strict(sound):
    (sound / "e.md").write_text(document("Page e", "/e", "[Page a](/a)"))
    assert check()[1] == 0
    assert check("--strict")[1] == 1


def test_only_what_is_asked_for_is_told(sound):
    (sound / "hire").mkdir()
    (sound / "hire" / "e.md").write_text("TODO")
    assert check("content/a.md")[1] == 0
    assert check("content/hire")[1] == check(str(sound / "hire" / "e.md"))[1] == check()[1] == 1
    with pytest.raises(CommandError, match="there is no content/nothing"):
        check("content/nothing.md")


def test_json_is_a_list_of_objects(sound):
    (sound / "a.md").write_text("TODO")
    said, status = check("--format", "json", "content/a.md")
    found = json.loads(said)
    assert status == 1
    assert {problem["rule"] for problem in found} >= {"gap", "missing-meta"}
    assert all(list(problem) == ["path", "line", "column", "level", "rule", "message", "help"] for problem in found)


def test_github_gets_annotations(sound):
    (sound / "a.md").write_text("TODO: 100%")
    said, _ = check("--format", "github", "content/a.md")
    assert "::error file=content/a.md,line=1,col=1,title=gap::something is still to be written here. " in said


def test_a_folder_without_documents_is_said_to_be_one(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path
    with pytest.raises(CommandError, match="no documents"):
        check()


def test_a_marketer_needs_nothing_set():
    assert "documents: 0 errors, 0 warnings" in run("manage.py", "check_content", "--strict").stdout
    assert SEED_URL in run("manage.py", "content_report").stdout


@pytest.mark.parametrize("rule", FIXED)
def test_fix_mends_what_has_one_right_answer_and_shows_the_difference(tmp_path, settings, rule):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / rule / "content", folder)
    settings.CONTENT_DIR = folder
    before = {path: path.read_text() for path in folder.glob("*.md")}
    said, _ = check("--fix")
    left = [problem.line for problem in library.load(folder).all_problems if problem.rule == rule]
    assert left == {"doubled-meta-key": [9], "ragged-table": [16]}.get(rule, [])
    changed = [path for path, text in before.items() if path.read_text() != text]
    assert changed
    assert all(f"--- content/{path.name}\n+++ content/{path.name}\n@@" in said for path in changed)
    assert check("--fix")[0].count("@@") == 0


def test_fix_keeps_byte_order_mark_line_ends_and_words(tmp_path, settings):
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


def test_fix_leaves_alone_what_it_was_not_asked_for(tmp_path, settings):
    folder = tmp_path / "content"
    shutil.copytree(INVALID / "ragged-table" / "content", folder)
    shutil.copy(folder / "a.md", folder / "b.md")
    settings.CONTENT_DIR = folder
    before = (folder / "a.md").read_bytes()
    check("--fix", "content/b.md")
    assert (folder / "a.md").read_bytes() == before != (folder / "b.md").read_bytes()


def test_the_report_lists_pages_and_orphans(sound):
    (sound / "e.md").write_text(
        document("Page e", "/e", "[Page a](/a) and words").replace("Title", "Status: draft\nTitle")
    )
    out = io.StringIO()
    call_command("content_report", "--format", "csv", stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
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


def test_a_new_page_passes_the_checker_but_for_its_gaps(sound):
    for url in ("start", "resources/question-bank", "resources/hiring-scorecard", "hire/data-engineer"):
        path = sound / f"{url}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(document(url, f"/{url}", "[Page a](/a)"))
    shutil.copy(SEED, sound / "hire" / "machine-learning-engineer.md")
    shutil.copy(SAMPLE_SITE / "site.toml", sound / "site.toml")
    out = io.StringIO()
    call_command("new_page", "/hire/site-reliability-engineer", "--like", SEED_URL, stdout=out)
    assert "content/hire/site-reliability-engineer.md is written, as a draft" in out.getvalue()
    found = library.load(sound)
    page, like = found.pages["/hire/site-reliability-engineer"], found.pages[SEED_URL]
    assert [section.kind for section in page.sections] == [section.kind for section in like.sections]
    assert (page.name, page.meta.draft) == ("Hire Site Reliability Engineer", True)
    said = {problem.rule for problem in found.all_problems if problem.path == page.path}
    assert said == {"gap"}
    mine = [line for line in like.plain_text.split(". ") if len(line.split()) > 6]
    assert [line for line in mine if line in page.plain_text] == []


def test_a_new_page_is_like_one_whose_headings_stand_lower(sound):
    shutil.copy(ROOT / "tests" / "fixtures" / "documents" / "one-level-down.md", sound / "lower.md")
    (like,) = [page for page in library.load(sound).pages.values() if page.path == "content/lower.md"]
    call_command("new_page", "/hire/security-engineer", "--like", like.url, stdout=io.StringIO())
    page = library.load(sound).pages["/hire/security-engineer"]
    assert [section.kind for section in page.sections] == [section.kind for section in like.sections]
    assert "DEVOPS" not in page.source.text


def test_what_stands_in_code_or_in_a_comment_is_neither_gap_nor_html(sound):
    body = "`TODO` and `<b>`\n\n```\nTODO <b>\n```\n\n<!-- a <b>note</b>\n\n<i>of two lines</i> -->"
    (sound / "a.md").write_text(document("Page a", "/a", body))
    said, _ = check("--format", "json", "content/a.md")
    assert [
        (problem["rule"], problem["line"]) for problem in json.loads(said) if problem["rule"] != "no-links-out"
    ] == [("html", 19)]


def test_images_from_elsewhere_and_metas_image_are_looked_for(sound):
    text = document("Page a", "/a", "![A panel](https://example.com/e.png) [b](/b)")
    (sound / "a.md").write_text(text.replace("Title:", "Image: /images/card.png\nTitle:"))
    said, _ = check("--format", "json", "content/a.md")
    assert [(problem["rule"], problem["line"]) for problem in json.loads(said)] == [
        ("missing-image", 7),
        ("missing-image", 14),
    ]


@pytest.mark.parametrize(
    ("url", "like", "said"),
    [
        ("/hire/new", "/nowhere", "there is no page /nowhere; there are: /a, /b, /c, /d"),
        ("/a", "/b", "/a is taken, by content/a.md"),
        ("/Hire/New Page", "/b", "cannot be an address"),
        ("hire/new", "/b", "cannot be an address"),
        ("/../new", "/b", "cannot be an address"),
    ],
)
def test_a_new_page_that_cannot_be_is_refused(sound, url, like, said):
    with pytest.raises(CommandError, match=said):
        call_command("new_page", url, "--like", like)
    assert len(list(sound.rglob("*.md"))) == 4
