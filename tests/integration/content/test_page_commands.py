"""Test rename_page and retire_page: which files they change, what they refuse, and that nothing is lost."""

import io
import shutil
import sys

import pytest
from django.core.management import CommandError, call_command

from pages.content import file_changes, library
from pages.repository import current
from tests.support.content_samples import DESCRIPTION, keep_documents, page_text


@pytest.fixture
def folder(tmp_path, settings):
    """A content folder whose documents and TOML files refer to /guide/old in many different ways."""
    folder = settings.CONTENT_DIR = tmp_path / "content"
    (folder / "guide").mkdir(parents=True)
    documents = {
        "index.md": page_text("Home", "/", "[One](/guide/old)\n\n`/guide/old` and [Two](guide/old#one)."),
        "guide/index.md": page_text(
            "Guide", "/guide", "[Old](guide/old) [Other](/guide/older)\n\n**[Go → /guide/old]**"
        ),
        "guide/old.md": page_text("Old", "/guide/old", "[Near](older) [Self](/guide/old#one) [Here](#one)"),
        "guide/older.md": page_text("Older", "/guide/older", "```\n/guide/old\n```\n\n[x]: /guide/old\n\n[Text][x]"),
        "about.md": page_text("About", "/about", "[A](/Guide/Old/?x=1#one)", "Canonical: /guide/old"),
        "hi.md": page_text("Hi", "/hi", "", "Language: hi\nTranslation of: /guide/old"),
    }
    for path, text in documents.items():
        (folder / path).write_text(text)
    (folder / "site.toml").write_text(
        '# The page /guide/old\nheader = ["/guide/old", "/guide/older"]\nheader_button = "Go → /guide/old"\n'
        '[footer_groups]\nMore = ["Old → /guide/old?a=b"]\n[calls_to_action]\n"Read" = "/guide/old"\n'
        '[banner]\ntext = "See [it](/guide/old)."\npages = ["/guide/old"]\n'
    )
    (folder / "redirects.toml").write_text('"/ancient" = "/guide/old#one"\n"/older/*" = "/guide/*"\n')
    (folder / "facts.toml").write_text(
        '[price]\nvalue = "₹1"\nwhat = "Price"\nsource = "List"\nconfirmed = 2026-11-01\npages = ["/guide/old"]\n'
    )
    return folder


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, "--yes", stdout=out)
    return out.getvalue()


def texts(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_renamed_page_moves_and_everything_that_named_it_names_the_new_url(folder):
    before = texts(folder)
    output = run("rename_page", "/guide/old", "/read/new")
    after = texts(folder)
    assert set(after) == set(before) - {"guide/old.md"} | {"read/new.md"}
    assert "Move content/guide/old.md to content/read/new.md" in output and "+## /read/new" in output
    new = page_text(
        "Old", "/read/new", "[Near](/guide/older) [Self](/read/new#one) [Here](#one)", "Aliases: /guide/old"
    )
    assert after.pop("read/new.md").decode() == new
    unchanged = {"guide/older.md": "```\n/guide/old\n```", "index.md": "`/guide/old`"}
    for path, raw in after.items():
        text = raw.decode().replace(unchanged.get(path, "\0"), "")
        assert "/guide/old" not in text.replace("/guide/older", "").replace("# The page /guide/old", ""), path
    assert after["index.md"].decode() == before["index.md"].decode().replace("(/guide/old)", "(/read/new)").replace(
        "(guide/old#", "(/read/new#"
    )
    assert "(/read/new?x=1#one)" in after["about.md"].decode() and "Canonical: /read/new" in after["about.md"].decode()
    assert "Translation of: /read/new" in after["hi.md"].decode()
    assert after["redirects.toml"].decode() == '"/ancient" = "/read/new#one"\n"/older/*" = "/guide/*"\n'


@pytest.mark.parametrize(
    "code",
    ["~~~\n/guide/old\n~~~", "    /guide/old", "> ```\n> /guide/old\n> ```", "```\n```python\n/guide/old\n```"],
)
def test_addresses_in_code_stay(folder, code):
    (folder / "code.md").write_text(page_text("Code", "/code", f"{code}\n\nSee /guide/old."))
    run("rename_page", "/guide/old", "/read/new")
    text = (folder / "code.md").read_text()
    assert text.endswith(f"{code}\n\nSee /read/new.\n")


def test_the_renamed_page_answers_at_both_urls(folder, client):
    run("rename_page", "/guide/old", "/read/new")
    loaded = library.load(folder)
    assert loaded.aliases == {"/guide/old": "/read/new"}
    assert not [each for each in loaded.all_problems if each.rule in ("broken-link", "link-spelling", "misplaced-file")]


def test_a_page_can_be_renamed_back(folder):
    before = texts(folder)
    run("rename_page", "/guide/old", "/read/new")
    run("rename_page", "/read/new", "/guide/old")
    page = (folder / "guide/old.md").read_text()
    assert "Aliases: /read/new\n" in page
    assert {**texts(folder), "guide/old.md": b"", "index.md": b"", "about.md": b"", "guide/index.md": b""} == {
        **before, "guide/old.md": b"", "index.md": b"", "about.md": b"", "guide/index.md": b""
    }  # fmt: skip
    assert not [problem for problem in library.load(folder).all_problems if problem.level == "error"]


def test_the_pages_under_a_hub_move_with_it(folder):
    output = run("rename_page", "/guide", "/read")
    assert "The pages under this page move with it: /guide/old, /guide/older." in output
    assert sorted(path.name for path in (folder / "read").iterdir()) == ["index.md", "old.md", "older.md"]
    assert not (folder / "guide").exists()
    loaded = library.load(folder)
    assert loaded.aliases == {"/guide": "/read", "/guide/old": "/read/old", "/guide/older": "/read/older"}
    assert '"/older/*" = "/read/*"' in (folder / "redirects.toml").read_text()
    assert not [problem for problem in loaded.all_problems if problem.level == "error"]


def test_the_files_of_a_page_stay_available_under_their_old_addresses(content):
    keep_documents(content, "kit.md", "resources/index.md", "resources/question-bank.md")
    run("rename_page", "/resources/question-bank", "/resources/questions")
    loaded = library.load(content)
    redirects = loaded.redirects
    assert redirects.exact["/resources/question-bank.pdf"].value == "/resources/questions.pdf"
    assert redirects.prefixes["/resources/question-bank"].value == "/resources/questions/*"
    assert not [problem for problem in loaded.all_problems if problem.path.endswith("redirects.toml")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_all_other_bytes_stay(folder, newline, mark):
    for path in (folder / "guide/old.md", folder / "about.md"):
        path.write_bytes((mark + path.read_text()).replace("\n", newline).encode())
    before = (folder / "guide/old.md").read_bytes().decode()
    run("rename_page", "/guide/old", "/guide/new")
    after = (folder / "guide/new.md").read_bytes().decode()
    expected = before.replace("/guide/old", "/guide/new").replace(
        f"{newline}```{newline}{newline}## ONE", f"{newline}Aliases: /guide/old{newline}```{newline}{newline}## ONE"
    )
    assert after == expected
    about = (folder / "about.md").read_bytes().decode()
    assert about.startswith(mark) and about.replace(newline, "").isprintable() is (not mark)


@pytest.mark.parametrize(
    ("aliases", "expected"),
    [
        ("Aliases: /a, /b", "Aliases: /guide/old, /a, /b"),
        ("aliases:/a", "aliases: /guide/old, /a"),
        ("Aliases: /a, /guide/new", "Aliases: /guide/old, /a"),
        ("Aliases: /a,\n  /b", "Aliases: /guide/old, /a,\n  /b"),
    ],
)
def test_the_old_url_is_added_to_the_aliases(folder, aliases, expected):
    (folder / "guide/old.md").write_text(page_text("Old", "/guide/old", "", aliases))
    run("rename_page", "/guide/old", "/guide/new")
    assert f"\n{expected}\n```" in (folder / "guide/new.md").read_text()


@pytest.mark.parametrize(
    ("fence", "lines", "expected"),
    [
        ("---", "title: Old", 'aliases: ["/guide/old"]\ntitle: Old'),
        ("+++", 'title = "Old"\n[extra]\nx = 1', 'aliases = ["/guide/old"]\ntitle = "Old"\n[extra]\nx = 1'),
        ("---", "title: Old\naliases: /a, /b", "title: Old\naliases: /guide/old, /a, /b"),
        ("---", "title: Old\naliases: [/a, /b]", 'title: Old\naliases: ["/guide/old", /a, /b]'),
        ("---", "title: Old\naliases: [ ]", 'title: Old\naliases: ["/guide/old" ]'),
        ("---", "title: Old\naliases:\n  - /a", "title: Old\naliases:\n  - /guide/old\n  - /a"),
        ("+++", 'title = "Old"\naliases = [\n  "/a"]', 'title = "Old"\naliases = ["/guide/old", \n  "/a"]'),
    ],
)
def test_the_old_url_is_added_to_the_aliases_in_front_matter(folder, fence, lines, expected):
    text = f"{fence}\n{lines}\n{fence}\n\n# Old\n\nWords.\n"
    (folder / "guide/old.md").write_text(text)
    aliases = library.load(folder).pages["/guide/old"].meta.aliases
    run("rename_page", "/guide/old", "/guide/new")
    assert (folder / "guide/new.md").read_text() == text.replace(lines, expected)
    page = library.load(folder).pages["/guide/new"]
    assert page.meta.aliases == ("/guide/old", *aliases) and not page.meta.draft


def test_an_unusual_front_matter_gets_a_redirect(folder):
    text = f"---\n# Old\ntitle: Old\ndescription: {DESCRIPTION}\n---\n\n# Old\n\nWords.\n"
    (folder / "guide/old.md").write_text(text)
    run("rename_page", "/guide/old", "/guide/new")
    assert (folder / "guide/new.md").read_text() == text
    assert '"/guide/old" = "/guide/new"' in (folder / "redirects.toml").read_text()


@pytest.mark.parametrize(
    "command",
    [("rename_page", "/news", "/library"), ("retire_page", "/news", "--to", "/about")],
    ids=lambda each: each[0],
)
def test_the_further_pages_of_a_list_of_articles_redirect_too(folder, client, command):
    (folder / "news").mkdir()
    (folder / "news/index.md").write_text(page_text("News", "/news", "**Pages under:** /news"))
    for number in range(21):
        meta = "Author: A. Writer\nDate: 2020-01-01"
        (folder / f"news/{number}.md").write_text(page_text(f"N{number}", f"/news/{number}", "Words.", meta))
    (folder / "about.md").write_text(page_text("About", "/about", "[Older](/news/page/2)"))
    run(*command)
    current.reset()
    target = "/library/page/2" if command[0] == "rename_page" else "/about"
    assert f"[Older]({target})" in (folder / "about.md").read_text()
    response = client.get("/news/page/2")
    assert (response.status_code, response["Location"]) == (301, target)


def test_a_draft_gets_no_alias(folder):
    (folder / "guide/old.md").write_text(page_text("Old", "/guide/old", "", "Status: draft"))
    run("rename_page", "/guide/old", "/guide/new")
    assert "Aliases" not in (folder / "guide/new.md").read_text()
    run("retire_page", "/guide/new")
    assert "/guide" not in (folder / "redirects.toml").read_text().replace("/guide/*", "").replace("/guide/new", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rename_page", "/nowhere", "/new"), "No page has the URL /nowhere."),
        (("rename_page", "/guide/old", "/about"), "/about is taken: content/about.md uses it."),
        (("rename_page", "/guide/old", "/former"), "/former is taken: content/about.md uses it."),
        (("rename_page", "/guide/old", "/deck.pdf"), "/deck.pdf is taken: file content/deck.pdf uses it."),
        (("rename_page", "/guide/old", "/search"), "/search can't be the URL of a page."),
        (("rename_page", "/guide/old", "/guide/feed.xml"), "/guide/feed.xml can't be the URL of a page."),
        (("rename_page", "/guide/old", "/not valid"), "/not valid can't be the URL of a page."),
        (("rename_page", "/guide", "/guide/all"), "/guide/all is under /guide"),
        (("rename_page", "/", "/home"), "The home page can't be renamed."),
        (("rename_page", "/former", "/new"), "No page has the URL /former. That URL redirects to /about."),
        (("retire_page", "/"), "The home page can't be retired."),
        (("retire_page", "/about", "--to", "/nowhere"), "No live page has the URL /nowhere."),
        (("retire_page", "/about", "--to", "/about"), "No live page has the URL /about."),
        (("retire_page", "/about", "--to", "http://a.example"), "No live page has the URL http://a.example."),
    ],
)
def test_impossible_changes_are_refused(folder, arguments, message):
    (folder / "about.md").write_text(page_text("About", "/about", "", "Aliases: /former"))
    (folder / "deck.pdf").write_bytes(b"%PDF-")
    before = texts(folder)
    with pytest.raises(CommandError, match="Nothing was changed") as error:
        run(*arguments)
    assert str(error.value).startswith(message)
    assert texts(folder) == before


def test_without_a_terminal_the_command_shows_the_changes_and_changes_nothing(folder, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    before, out = texts(folder), io.StringIO()
    with pytest.raises(CommandError, match="add --yes"):
        call_command("rename_page", "/guide/old", "/guide/new", stdout=out)
    assert "+## /guide/new" in out.getvalue() and texts(folder) == before


@pytest.mark.parametrize(("answer", "is_changed"), [("y", True), ("n", False), ("", False)])
def test_on_a_terminal_the_command_asks(folder, monkeypatch, answer, is_changed):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    if is_changed:
        call_command("rename_page", "/guide/old", "/guide/new", stdout=io.StringIO())
    else:
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("rename_page", "/guide/old", "/guide/new", stdout=io.StringIO())
    assert (folder / "guide/new.md").exists() is is_changed


@pytest.mark.parametrize("successor", [(), ("--to", "/about")])
def test_the_places_that_people_have_to_read_are_listed_before_the_question(folder, monkeypatch, successor):
    out = io.StringIO()
    listed = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: listed.append(out.getvalue()) or "n")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("retire_page", "/guide/old", *successor, stdout=out)
    assert "content/index.md:13:7: this names /guide/old." in listed[0]


def test_a_page_can_get_the_url_that_fits_the_name_of_its_file(folder):
    (folder / "prices.md").write_text(page_text("Prices", "/plans", ""))
    output = run("rename_page", "/plans", "/prices")
    assert "Move" not in output
    assert (folder / "prices.md").read_text() == page_text("Prices", "/prices", "", "Aliases: /plans")


def test_a_page_is_not_renamed_while_another_document_has_its_url(folder):
    (folder / "copy.md").write_text(page_text("Copy", "/guide/old", ""))
    before = texts(folder)
    for url in ("/guide", "/guide/old"):
        with pytest.raises(CommandError, match=r"both have the URL /guide/old\. Give one of them another URL first\."):
            run("rename_page", url, "/read")
    assert texts(folder) == before


def test_no_page_becomes_the_file_with_the_words_of_kits(folder):
    with pytest.raises(CommandError, match=r"content/kit\.md uses it"):
        run("rename_page", "/about", "/kit")
    with pytest.raises(CommandError, match=r"content/kit\.md already uses the URL /kit"):
        call_command("new_page", "/kit", "--kind", "page", stdout=io.StringIO())


def test_a_page_can_move_to_the_path_of_a_page_that_moves_with_it(folder):
    (folder / "one.md").write_text(page_text("Parent", "/plans", ""))
    (folder / "prices.md").write_text(page_text("Child", "/plans/child", ""))
    run("rename_page", "/plans", "/prices")
    assert (folder / "prices.md").read_text().startswith("# Parent")
    assert (folder / "prices/child.md").read_text().startswith("# Child")
    assert not (folder / "one.md").exists()


RENAME, RETIRE = ("rename_page", "/guide/old", "/guide/new"), ("retire_page", "/guide/old")


@pytest.mark.parametrize(
    ("command", "edited"),
    [(RENAME, "guide/old.md"), (RENAME, "guide/new.md"), (RENAME, "index.md"), (RETIRE, "redirects.toml")],
)
def test_an_edit_during_the_question_is_not_overwritten(folder, monkeypatch, command, edited):
    def edit(question):
        (folder / edited).write_text("# Edited\n")
        before.update(texts(folder))
        return "y"

    before = {}
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", edit)
    with pytest.raises(CommandError, match=rf"has just changed content/{edited}\. This command changed nothing\."):
        call_command(*command, stdout=io.StringIO())
    assert texts(folder) == before


def test_a_write_error_restores_all_files(folder, monkeypatch):
    before, write = texts(folder), file_changes._write
    failed = []

    def write_some(path, raw, **options):
        if path.name == "redirects.toml" and not failed:
            failed.append(path)
            raise OSError(28, "No space left on device")
        write(path, raw, **options)

    monkeypatch.setattr(file_changes, "_write", write_some)
    with pytest.raises(CommandError, match=r"No space left on device\. Nothing was changed"):
        run("rename_page", "/guide/old", "/guide/new")
    assert failed and texts(folder) == before


def test_a_retired_page_with_a_successor_redirects_and_links_lead_there(folder):
    (folder / "guide/older.md").write_text(page_text("Older", "/guide/older", "", "Aliases: /eldest"))
    text = "[A](/guide/older#one) [B](/guide/older#nowhere) [C](/eldest?x=1)\n\n## TWO\n\nWords."
    (folder / "about.md").write_text(page_text("About", "/about", text))
    output = run("retire_page", "/guide/older", "--to", "/guide/old")
    for place in (
        "content/about.md:13:5",
        "content/about.md:13:27",
        "content/about.md:13:53",
        "content/site.toml:2:26",
    ):
        assert f"{place}: this names /guide/older. Check that the link text fits the new address." in output
    assert not (folder / "guide/older.md").exists()
    assert "[A](/guide/old#one) [B](/guide/old) [C](/guide/old?x=1)" in (folder / "about.md").read_text()
    lines = (folder / "redirects.toml").read_text().splitlines()
    assert '"/guide/older" = "/guide/old"' in lines and '"/eldest" = "/guide/old"' in lines
    assert not [problem for problem in library.load(folder).all_problems if problem.level == "error"]


def test_a_retired_page_without_a_successor_is_gone_and_links_are_listed(folder):
    before = texts(folder)
    output = run("retire_page", "/guide/old")
    after = texts(folder)
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed == {"guide/old.md", "redirects.toml"}
    assert '"/guide/old" = "gone"' in after["redirects.toml"].decode()
    assert '"/ancient" = "gone"' in after["redirects.toml"].decode()
    for place in (
        "content/index.md:13:7",
        "content/site.toml:2:12",
        "content/facts.toml:6:11",
        "content/about.md:9:12",
    ):
        assert f"{place}: this names /guide/old." in output
    assert library.load(folder).redirects.find("/guide/old").is_gone


def test_the_files_of_a_retired_page_redirect_too(content):
    roles = ("data-engineer", "backend-engineer", "data-scientist")
    keep_documents(content, "kit.md", "about.md", *(f"hire/{role}.md" for role in roles))
    run("retire_page", "/hire/data-engineer", "--to", "/hire/backend-engineer")
    exact = library.load(content).redirects.exact
    assert exact["/hire/data-engineer.pdf"].value == "/hire/backend-engineer.pdf"
    run("retire_page", "/hire/data-scientist", "--to", "/about")
    assert library.load(content).redirects.exact["/hire/data-scientist.pdf"].value == "/about"


def test_a_page_can_return_to_a_retired_address(folder):
    run("retire_page", "/guide/older", "--to", "/guide/old")
    run("rename_page", "/guide/old", "/guide/older")
    loaded = library.load(folder)
    assert "/guide/older" in loaded.pages and "/guide/older" not in loaded.redirects.exact
    assert not [problem for problem in loaded.all_problems if problem.rule.startswith("redirect")]


def test_an_invalid_redirects_file_is_refused(folder):
    (folder / "redirects.toml").write_text('"/x" = \n')
    with pytest.raises(CommandError, match=r"redirects\.toml has an error"):
        run("retire_page", "/guide/old")


def test_the_shipped_kit_words_and_drafts_are_searched_too(content):
    keep_documents(content, "kit.md", "pricing.md", "resources/hiring-scorecard.md")
    kit = content / "kit.md"
    kit.write_text(kit.read_text().replace("/resources/hiring-scorecard", "/pricing"))
    shutil.copy(content / "pricing.md", content / "draft.md")
    (content / "draft.md").write_text(page_text("Draft", "/draft", "[P](/pricing)", "Status: draft"))
    named = "/pricing" in kit.read_text()
    run("rename_page", "/pricing", "/prices")
    assert "[P](/prices)" in (content / "draft.md").read_text()
    assert not named or "/prices" in kit.read_text()
