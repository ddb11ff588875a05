"""`new_page` writes drafts of all kinds of pages. Only their TODOs are problems."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from pages.content import library
from pages.content.scaffold_outlines import KINDS
from pages.management.commands import new_page
from tests.support.content_samples import page_text

from ...conftest import SAMPLE_SITE
from .test_content_commands import check


@pytest.fixture
def folder(tmp_path, settings):
    """A content folder with a home page, a hub, two pages under it, and words that keep their capitals."""
    folder = tmp_path / "content"
    (folder / "hire").mkdir(parents=True)
    (folder / "index.md").write_text(page_text("Home", "/", "[Hire](/hire)"))
    (folder / "hire" / "index.md").write_text(page_text("Hire", "/hire", "**Pages under:** /hire"))
    for name in "ab":
        (folder / "hire" / f"{name}.md").write_text(page_text(f"Hire {name}", f"/hire/{name}", "[Hire](/hire)"))
    (folder / "site.toml").write_text('words = ["QA", "SRE"]\n[calls_to_action]\n"Start free" = "/hire/a"\n')
    settings.CONTENT_DIR = folder
    return folder


def create(*arguments):
    out = io.StringIO()
    call_command("new_page", *arguments, stdout=out)
    return out.getvalue()


def problems_of(folder, url):
    """Return the names of the rules that a draft breaks."""
    content = library.load(folder)
    page = content.pages[url]
    assert page.meta.draft
    return {problem.rule for problem in content.all_problems if problem.path == page.path}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("base", ["/hire", "", "/compare"])
def test_a_draft_of_each_kind_has_no_problems_except_its_todos(folder, kind, base):
    url = f"{base}/women-in-tech"
    output = create(url, "--kind", kind)
    path = folder / url.lstrip("/") / "index.md" if kind == "hub" else folder / f"{url.lstrip('/')}.md"
    assert path.is_file() and f"content{url}" in output
    assert ("No page has the URL /compare" in output) == (base == "/compare" and kind not in ("hub", "landing"))
    assert problems_of(folder, url) == {"gap"}
    assert check()[1] == 0
    page = library.load(folder).pages[url]
    assert (page.meta.robots == "noindex") == (kind == "landing") == (page.form is not None)
    assert bool(page.weights) == (kind == "role") and bool(page.listings) == (kind == "hub")
    assert page.name.endswith("Women in Tech")


def test_the_printed_commands_run_in_a_shell(folder):
    output = create("/jobs/women-in-tech", "--kind", "article")
    assert "To write one: .venv/bin/python manage.py new_page /jobs --kind hub" in output
    assert "run: .venv/bin/python manage.py check_content content/jobs/women-in-tech.md" in output
    assert "Replace each TODO with your text." in output


def test_a_call_to_action_whose_target_is_in_site_toml_has_no_arrow(folder):
    create("/press", "--kind", "page")
    text = (folder / "press.md").read_text()
    assert "**CTA:** Start free\n" in text and "→" not in text
    (folder / "site.toml").write_text("")
    create("/news", "--kind", "page")
    assert "**CTA:** TODO: the button's text → /\n" in (folder / "news.md").read_text()


def test_every_placeholder_is_a_todo_with_a_problem(folder):
    for kind in KINDS:
        create(f"/{kind}", "--kind", kind, "--name", "Data Scientist")
        page = library.load(folder).pages[f"/{kind}"]
        marked = {problem.line for problem in page.problems if problem.rule == "gap"}
        assert marked == {number for number, line in enumerate(page.source.lines, 1) if "TODO" in line}
        assert not re.search(r"[{}…]|lorem|example\.com|/path", page.source.text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("url", "plural"),
    [
        ("/hire/data-scientist", "Data scientists"),
        ("/hire/qa-engineer", "QA engineers"),
        ("/hire/sre", "SREs"),
        ("/hire/women-in-tech", "Women in tech"),
    ],
)
@pytest.mark.parametrize("copies", [False, True])
def test_headings_have_the_name_and_the_plural_of_the_role(folder, url, plural, copies):
    if copies:
        name = "machine-learning-engineer.md"
        (folder / "hire" / name).write_text((SAMPLE_SITE / "hire" / name).read_text())
    create(url, "--kind", "role")
    page = library.load(folder).pages[url]
    headings = [section.heading for section in page.sections]
    shown = plural if plural.startswith(("QA", "SRE")) else plural.lower()
    assert f"Ready to hire better {shown}?" in headings
    assert not any("machine" in heading.lower() or "ml " in heading.lower() for heading in headings)


@pytest.mark.parametrize("url", ["/compare", "/compare/coding-tests"])
def test_a_page_elsewhere_that_copies_a_role_page_is_not_about_a_role(folder, url):
    like = (SAMPLE_SITE / "hire" / "machine-learning-engineer.md").read_text()
    (folder / "hire" / "machine-learning-engineer.md").write_text(like)
    create(url, "--like", "/hire/machine-learning-engineer")
    text = (folder / f"{url.lstrip('/')}.md").read_text()
    assert "COMPARES" not in text and "TESTSS" not in text and "## READY TO START?" in text


def test_a_copy_has_no_call_to_action_about_the_copied_page(folder):
    calls = (
        "**Primary CTA:** Kit → /hire/b.csv\n**Secondary CTA:** Report → /hire/reports/b#top\n\n**[About b → /hire/b]**"
    )
    questions = "**1. Why?**\n\n*What this reveals:* Care.\n\nMail a@example.com first."
    text = f"{page_text('Hire b', '/hire/b', calls)}\n## SAMPLE QUESTIONS\n\n{questions}\n"
    (folder / "hire" / "b.md").write_text(text)
    (folder / "kit.md").write_text((SAMPLE_SITE / "kit.md").read_text())
    for url in ("reports", "reports/b"):
        path = folder / "hire" / f"{url}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page_text(url, f"/hire/{url}", "Words."))
    create("/hire/data-analyst", "--like", "/hire/b")
    text = (folder / "hire" / "data-analyst.md").read_text()
    assert re.findall("→ ([^*\\]\n]+)", text) == ["/hire/data-analyst.csv", "/hire/reports", "/hire/data-analyst"]
    assert "@" not in text and problems_of(folder, "/hire/data-analyst") == {"gap"}


def test_a_copy_of_a_form_keeps_its_table(folder):
    create("/landing", "--kind", "landing")
    create("/landing-2", "--like", "/landing")
    page = library.load(folder).pages["/landing-2"]
    assert page.form and page.meta.robots == "noindex"
    assert problems_of(folder, "/landing-2") == {"gap"}


def test_a_copy_of_a_hub_lists_its_own_pages(folder):
    create("/compare", "--like", "/hire")
    assert "**Pages under:** /compare" in (folder / "compare" / "index.md").read_text()
    assert problems_of(folder, "/compare") <= {"gap"}


def test_a_translation_names_its_original(folder):
    create("/hi/hire/a", "--like", "/hire/a", "--language", "hi")
    text = (folder / "hi" / "hire" / "a.md").read_text()
    assert "\nLanguage: hi\nTranslation of: /hire/a\n" in text and text.startswith("# TODO: Hire a, translated\n")
    assert problems_of(folder, "/hi/hire/a") == {"gap"}


def test_a_translation_can_have_a_name(folder):
    create("/hi/hire/a", "--like", "/hire/a", "--language", "hi", "--name", "डेटा इंजीनियर")
    assert (folder / "hi" / "hire" / "a.md").read_text().startswith("# डेटा इंजीनियर\n")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def answer(monkeypatch, *answers):
    remaining = iter(answers)
    questions = []

    def ask(question):
        questions.append(question)
        return next(remaining)

    monkeypatch.setattr(new_page.sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", ask)
    return questions


def test_on_a_terminal_the_command_asks_for_kind_name_hub_and_address(folder, monkeypatch):
    questions = answer(monkeypatch, "rolle", "role", "  Women   in Tech ", "/hire", "")
    output = create()
    assert [question.partition(" ")[0] for question in questions] == ["Kind", "Kind", "Name,", "Hub,", "Address"]
    assert questions[-1] == "Address [/hire/women-in-tech]: "
    assert "Answer with one of these words: role, comparison, " in output and "Wrote the draft" in output
    assert (folder / "hire" / "women-in-tech.md").read_text().startswith("# Hire Women in Tech\n")


def test_on_a_terminal_a_page_may_have_no_hub_and_another_address(folder, monkeypatch):
    answer(monkeypatch, "comparison", "Coding Tests", "none", "/hire/a", "/vs/coding-tests")
    output = create()
    assert "content/hire/a.md already uses the URL /hire/a. Choose another URL." in output
    assert (folder / "vs" / "coding-tests.md").read_text().startswith("# LayersRank vs. Coding Tests\n")


def test_a_file_that_somebody_writes_during_the_questions_stays(folder, monkeypatch):
    def write_file(question):
        (folder / "events.md").write_text("# Events\n")
        return "Events"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", write_file)
    message = r"Another program has just created content/events\.md\. This command wrote no file\."
    with pytest.raises(CommandError, match=message):
        create("/events", "--kind", "page")
    assert (folder / "events.md").read_text() == "# Events\n"


@pytest.mark.parametrize("error", [EOFError, KeyboardInterrupt])
def test_a_writer_may_stop_at_any_question(folder, monkeypatch, error):
    def stop(question):
        raise error

    answer(monkeypatch)
    monkeypatch.setattr("builtins.input", stop)
    with pytest.raises(CommandError, match="Stopped: no file was written"):
        create()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--like or --kind \\(role, comparison, .*\\) is missing"),
        (("/x",), "--like or --kind"),
        (("--kind", "page"), "--name is missing"),
        (("--kind", "page", "--name", "Press"), "the URL, such as /hire/data-engineer, is missing"),
        (("/hi/x", "--kind", "page", "--language", "hi"), "--language needs --like"),
        (("/hire", "--kind", "hub"), "content/hire/index.md already uses the URL /hire"),
        (("/search/x", "--kind", "page"), "The site itself uses the URL"),
        (("/../x", "--kind", "page"), "is not valid"),
    ],
)
def test_without_a_terminal_the_command_says_what_is_missing_or_wrong(folder, arguments, message):
    before = sorted(folder.rglob("*"))
    with pytest.raises(CommandError, match=message):
        create(*arguments)
    assert sorted(folder.rglob("*")) == before


def test_a_draft_never_leaves_the_content_folder(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CommandError, match="content/out leads out of the content folder"):
        create("/out/page", "--kind", "page")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_page_directly_under_the_home_page_has_only_its_name(folder):
    create("/sre", "--kind", "role", "--name", "Site Reliability Engineer")
    assert (folder / "sre.md").read_text().startswith("# Site Reliability Engineer\n")
