"""The library: pages and aliases by URL. A broken file never affects other files."""

import os

import pytest

from pages.content import library
from tests.conftest import SEED
from tests.support.content_samples import document_text as document
from tests.support.kits import kit_document


def problems_of(content):
    """Return all problems except `misplaced-file` (a file's path doesn't match its URL)."""
    return tuple(problem for problem in content.problems if problem.rule != "misplaced-file")


def rules(content):
    return [problem.rule for problem in problems_of(content)]


def test_a_file_whose_path_does_not_match_its_url_is_reported(write):
    content = library.load(write(b=document("/a"), named={"10_ml (1).md": document("/c")}))
    assert [(problem.rule, problem.path, problem.line) for problem in content.problems] == [
        ("misplaced-file", "content/10_ml (1).md", 2),
        ("misplaced-file", "content/b.md", 2),
    ]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("a.md", "/a"),
        ("hire/a.md", "/hire/a"),
        ("hire/index.md", "/hire"),
        ("index.md", "/"),
        ("hire/c-2.0.md", "/hire/c-2.0"),
    ],
)
def test_a_document_without_a_url_line_takes_its_url_from_its_path(write, path, url):
    content = library.load(write(named={path: document()}))
    assert (list(content.pages), rules(content)) == ([url], [])
    assert content.pages[url].path == f"content/{path}"


@pytest.mark.parametrize("line", ["/hire/b", "/hire/b/", "/Hire/B", "/hire//b"])
def test_the_url_line_overrides_the_path(write, line):
    assert list(library.load(write(a=document(line))).pages) == ["/hire/b"]


@pytest.mark.parametrize("name", ["Bad Name.md", "naïve.md", "Sub Folder/a.md"])
def test_a_document_without_a_url_is_left_out_and_reported(write, name):
    content = library.load(write(good=document(), named={name: document()}))
    (problem,) = problems_of(content)
    assert list(content.pages) == ["/good"]
    assert (problem.path, problem.rule) == (f"content/{name}", "no-url")


def test_a_file_whose_name_is_not_a_valid_url_takes_its_url_from_the_url_line(write):
    assert list(library.load(write(named={"Bad Name.md": document("/fine")})).pages) == ["/fine"]


def test_an_invalid_url_is_reported_at_its_line(write):
    (problem,) = library.load(write(a=document("/hire/../a"))).problems
    assert (problem.rule, problem.level, problem.line, problem.column) == ("bad-url", "error", 2, 4)


@pytest.mark.parametrize("name", ["README.md", "hire/README.md", ".hidden.md", ".drafts/a.md", "notes.txt"])
def test_other_files_are_ignored(write, name):
    content = library.load(write(a=document(), named={name: "words"}))
    assert (list(content.pages), rules(content)) == (["/a"], [])


@pytest.mark.parametrize(
    ("raw", "line", "column", "byte"),
    [
        (b"\xff", 1, 1, "0xff"),
        (b"# Name\n\nab\xffcd", 3, 3, "0xff"),
        (b"# Name\r\n\r\nab\xe9", 3, 3, "0xe9"),
        ("# ₹ naïve ".encode() + b"\x80", 1, 11, "0x80"),
        (b"\xef\xbb\xbf# Name\n\nab\xff", 3, 3, "0xff"),
        (b"# Name\r\rab\xff", 3, 3, "0xff"),
    ],
)
def test_a_file_that_is_not_utf_8_is_left_out_and_the_invalid_byte_is_reported(write, raw, line, column, byte):
    content = library.load(write(bad=raw, good=document()))
    (problem,) = problems_of(content)
    assert list(content.pages) == ["/good"]
    assert (problem.path, problem.rule, problem.level) == ("content/bad.md", "unreadable-file", "error")
    assert (problem.line, problem.column) == (line, column)
    assert byte in problem.message
    assert str(problem)


@pytest.mark.parametrize("text", ["", " \n\n\t\n", "\ufeff", "\ufeff\r\n"])
def test_an_empty_file_is_left_out_and_reported(write, text):
    content = library.load(write(empty=text, good=document()))
    assert list(content.pages) == ["/good"]
    assert [(problem.path, problem.rule) for problem in content.problems] == [("content/empty.md", "empty-document")]


def test_a_file_name_with_a_line_break_cannot_be_a_url(write):
    content = library.load(write(named={"a\n.md": document(), "good.md": document()}))
    assert list(content.pages) == ["/good"]
    assert [problem.rule for problem in problems_of(content)] == ["no-url"]


def test_a_folder_named_like_a_document_is_ignored(write):
    folder = write(good=document())
    (folder / "odd.md").mkdir()
    assert list(library.load(folder).pages) == ["/good"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_newline_style_and_byte_order_mark_do_not_affect_the_sections(write, newline, mark):
    seed = SEED.read_text(encoding="utf-8")
    content = library.load(
        write(a=seed, b=mark + seed.replace("/hire/machine-learning-engineer\n", "/b\n").replace("\n", newline))
    )
    assert content.pages["/b"].sections == content.pages["/hire/machine-learning-engineer"].sections


def test_if_two_documents_have_the_same_url_the_first_is_served_and_the_second_is_reported(write):
    content = library.load(write(a=document("/same"), b=document("/same/"), c=document()))
    (problem,) = problems_of(content)
    assert (list(content.pages), content.pages["/same"].path) == (["/same", "/c"], "content/a.md")
    assert (problem.rule, problem.path, problem.line) == ("doubled-url", "content/b.md", 2)
    assert "content/a.md" in problem.message


def test_aliases_map_to_their_page(write):
    content = library.load(write(a=document(meta="Aliases: /old, /Older/")))
    assert (dict(content.aliases), rules(content)) == ({"/old": "/a", "/older": "/a"}, [])


@pytest.mark.parametrize(
    "files",
    [
        {"a": document(meta="Aliases: /old"), "b": document(meta="Aliases: /old")},
        {"a": document("/old"), "b": document(meta="Aliases: /old")},
        {"a": document(meta="Aliases: /old"), "b": document("/old")},
    ],
    ids=["two aliases", "a page and then an alias", "an alias and then a page"],
)
def test_a_url_shared_by_two_documents_is_reported_with_both_paths(write, files):
    content = library.load(write(**files))
    (problem,) = problems_of(content)
    assert problem.rule == "doubled-url"
    assert {"content/a.md", "content/b.md"} <= {problem.path, *problem.message.split()}
    assert len({"/a", "/b", "/old"} & {*content.pages, *content.aliases}) == len({*content.pages, *content.aliases})


def test_a_page_url_overrides_an_equal_alias_regardless_of_file_order(write):
    for files in (
        {"a": document("/old"), "b": document(meta="Aliases: /old")},
        {"a": document(meta="Aliases: /old"), "b": document("/old")},
    ):
        content = library.load(write(**files))
        assert "/old" in content.pages
        assert "/old" not in content.aliases


@pytest.mark.parametrize("path", ["search.md", "livez.md", "version/index.md", "static/a.md", "robots.txt.md"])
def test_a_document_whose_path_gives_a_reserved_url_is_reported(write, path):
    content = library.load(write(good=document(), named={path: document()}))
    (problem,) = problems_of(content)
    assert list(content.pages) == ["/good"]
    assert (problem.path, problem.rule) == (f"content/{path}", "bad-url")


@pytest.mark.parametrize("alias", ["/search", "/Search/", "//search", "/%73earch", "/static/old.css", "/readyz"])
def test_a_reserved_url_is_not_accepted_as_an_alias(write, alias):
    content = library.load(write(a=document(meta=f"Aliases: /old, {alias}")))
    assert (dict(content.aliases), rules(content)) == ({"/old": "/a"}, ["meta-value"])


def test_an_alias_may_be_percent_encoded(write):
    content = library.load(write(a=document(meta="Aliases: /old%20page, /caf%C3%A9")))
    assert set(content.aliases) == {"/old page", "/café"}


GROUPS = "".join(f"### Group {n}\n\n**{n}. Why?**\n\n*What this reveals:* Care.\n\n" for n in range(1, 6))
BANK = document(body=f"## QUESTIONS\n\n{GROUPS}")


def test_only_the_question_bank_can_use_its_csv_url(write):
    files = {"bank.csv": "a\n", "x.csv.md": document("/bank.csv"), "bank.md": BANK, "kit.md": kit_document()}
    content = library.load(write(named=files, b=document(meta="Aliases: /bank.csv, /old.csv")))
    assert content.page_with_file("/bank.csv")
    assert set(content.pages) == {"/bank", "/b"} and dict(content.aliases) == {"/old.csv": "/b"}
    assert [(problem.path, problem.rule) for problem in problems_of(content)] == [
        ("content/b.md", "doubled-url"),
        ("content/bank.csv", "doubled-url"),
        ("content/x.csv.md", "doubled-url"),
    ]


def test_a_file_keeps_its_url(write):
    files = {"files/price.pdf": "%PDF", "x.md": document("/files/price.pdf")}
    content = library.load(write(named=files, b=document(meta="Aliases: /files/price.pdf")))
    assert (set(content.pages), dict(content.aliases)) == ({"/b"}, {})
    assert rules(content) == ["doubled-url", "doubled-url"]


@pytest.mark.parametrize("url", ["/files/price.pdf", "/Files/Price.PDF", "/files%2FPrice.pdf", "//files/Price.pdf/"])
def test_no_page_can_use_the_url_of_a_file_in_any_spelling(write, url):
    alias = url.replace("//", "/")
    content = library.load(write(named={"files/Price.pdf": "%PDF"}, b=document(meta=f"Aliases: {alias}")))
    (problem,) = problems_of(content)
    assert (set(content.pages), dict(content.aliases), problem.rule) == ({"/b"}, {}, "doubled-url")
    assert "content/files/Price.pdf" in problem.message
    if "%" not in url:
        assert library.load(write(c=document(url))).pages.keys() == {"/b"}


def test_an_alias_that_another_page_uses_is_reported_in_the_aliases_line(write):
    meta = "Canonical: /old\nAliases: /old"
    (problem,) = problems_of(library.load(write(a=document(), b=document(meta=meta), old=document())))
    assert (problem.rule, problem.path, problem.source) == ("doubled-url", "content/b.md", "Aliases: /old")


@pytest.mark.parametrize("meta", ['---\ntitle: A\n"aliases": /%62\n---\n', '+++\ntitle = "A"\naliases = "/%62"\n+++\n'])
def test_a_doubled_alias_in_front_matter_is_reported_in_its_line(write, meta):
    problems = library.load(write(a=meta, b=document())).problems
    assert [problem.line for problem in problems if problem.rule == "doubled-url"] == [3]


def canonical_problems(content):
    return [(p.path, p.source) for p in content.all_problems if p.rule == "canonical-target"]


@pytest.mark.parametrize("url", ["/nope", "/old", "/draft", "/files/a.pdf", "/b?x=1", "/b#c", "/../b", "/x", "/hidden"])
def test_canonical_must_name_a_page_that_search_engines_can_list(write, url):
    pages = {name: document() for name in ("b", "draft", "x", "hidden")}
    pages |= {"b": document(meta="Aliases: /old"), "draft": document(meta="Status: draft")}
    pages |= {"x": document(meta="Canonical: https://x.example/a"), "hidden": document(meta="Robots: noindex")}
    content = library.load(write(**pages, named={"files/a.pdf": "%PDF"}, a=document(meta=f"Canonical: {url}")))
    assert canonical_problems(content) == [("content/a.md", f"Canonical: {url}")]


@pytest.mark.parametrize("url", ["/b", "/B/", "/a", "/", "https://x.example/nope"])
def test_canonical_may_name_this_page_or_another_page_or_another_site(write, url):
    content = library.load(write(a=document(meta=f"Canonical: {url}"), b=document()))
    assert canonical_problems(content) == []


def test_two_pages_are_both_reported_if_each_names_the_other_as_canonical(write):
    content = library.load(write(a=document(meta="Canonical: /b"), b=document(meta="Canonical: /a")))
    assert [path for path, _ in canonical_problems(content)] == ["content/a.md", "content/b.md"]


def test_site_settings_are_read(write):
    text = 'name = "Us"\nwords = ["SQL"]\n[calls_to_action]\n"Go On" = "/go"\n'
    content = library.load(write(a=document(body="## SQL\n\n**[GO ON]**"), named={"site.toml": text}))
    assert content.site.name == "Us"
    assert (content.pages["/a"].sections[0].heading, rules(content)) == ("SQL", [])
    assert content.pages["/a"].sections[0].body[0].calls[0].href == "/go"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name = \n", 1),
        ('name = "a"\nname = "b"\n', 2),
        ("\n\n[calls_to_action\n", 3),
        ("name = 3\n", 1),
        ("\noffer = []\n", 2),
        ("\nwords = 'SQL'\n", 2),
        ("words = [1]\n", 1),
        ("calls_to_action = 1\n", 1),
        ("calls_to_action = ['/a']\n", 1),
        ("[calls_to_action]\n'A' = 3\n", 2),
        ("[calls_to_action]\n'A' = 'javascript:alert(1)'\n", 2),
        ("[calls_to_action]\nIndia = 91\n", 2),
        ("\x00", 1),
        ("a = " + "[" * 5000, 1),
    ],
)
def test_broken_settings_are_reported_but_pages_are_still_loaded(write, text, line):
    content = library.load(write(a=document(), named={"site.toml": text}))
    assert list(content.pages) == ["/a"]
    (problem,) = problems_of(content)
    assert (problem.path, problem.rule, problem.level) == ("content/site.toml", "site-settings", "error")
    assert problem.line == line
    assert problem.help


def test_settings_that_are_not_utf_8_are_reported_but_pages_are_still_loaded(write):
    content = library.load(write(a=document(), named={"site.toml": b"\xff"}))
    assert (list(content.pages), rules(content)) == (["/a"], ["unreadable-file"])


def test_one_invalid_setting_does_not_affect_the_others(write):
    content = library.load(write(a=document(), named={"site.toml": "name = 3\n[calls_to_action]\nA = '/a'\nB = 4\n"}))
    assert (content.site.name, dict(content.site.calls_to_action)) == ("LayersRank", {"A": "/a"})
    assert rules(content) == ["site-settings", "site-settings"]


def test_a_misspelled_setting_gets_a_suggestion(write):
    (problem,) = library.load(write(named={"site.toml": "nam = 'x'\n"})).problems
    assert "Did you mean “name”?" in problem.help


def test_missing_settings_are_reported(write):
    folder = write(a=document())
    (folder / "site.toml").unlink()
    content = library.load(folder)
    assert (list(content.pages), rules(content)) == (["/a"], ["site-settings"])


def test_an_empty_or_missing_folder_gives_a_library_without_pages(tmp_path):
    assert not library.load(tmp_path).pages
    assert not library.load(tmp_path / "gone" / "content").pages


def test_problems_are_sorted_by_path_and_line(write):
    content = library.load(
        write(b=document("/same", "Titel: x"), a=document("/same"), c=b"\xff", named={"site.toml": "x = 1"})
    )
    places = [(problem.path, problem.line) for problem in problems_of(content)]
    assert places == sorted(places)
    assert len(places) == 4


def test_a_reload_reuses_unchanged_documents(write):
    folder = write(a=document(), b=document(meta="Titel: x"), c=document(), empty="")
    before = library.load(folder)
    write(b=document(body="other words altogether"), d=document())
    (folder / "c.md").unlink()
    after = library.load(folder, before)
    assert list(after.pages) == ["/a", "/b", "/d"]
    assert after.pages["/a"] is before.pages["/a"]
    assert after.pages["/b"] is not before.pages["/b"]
    assert rules(before) == ["unknown-meta-key", "empty-document"]
    assert rules(after) == ["empty-document"]


def test_a_reload_keeps_the_problems_of_unchanged_files(write):
    folder = write(a=document("/same", "Titel: x"), b=document("/same"), c=b"\xff")
    before = library.load(folder)
    assert library.load(folder, before).problems == before.problems
    assert len(problems_of(before)) == 3


def test_a_reload_detects_a_new_modification_time_if_the_file_size_is_unchanged(write):
    folder = write(a=document(body="one"))
    before = library.load(folder)
    write(a=document(body="two"))
    os.utime(folder / "a.md", ns=(1, 1))
    assert "two" in library.load(folder, before).pages["/a"].sections[0].body[0].html


def test_a_reload_reads_all_documents_again_if_the_settings_changed(write):
    folder = write(a=document(body="**[Go On]**"))
    before = library.load(folder)
    after = library.load(write(named={"site.toml": "[calls_to_action]\n'Go On' = '/go'\n"}), before)
    assert (rules(before), rules(after)) == (["cta-target"], [])


def test_a_moved_document_gets_its_new_url(write):
    folder = write(a=document())
    before = library.load(folder)
    (folder / "a.md").rename(folder / "b.md")
    assert list(library.load(folder, before).pages) == ["/b"]
