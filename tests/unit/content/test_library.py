"""Folders → pages and aliases by URL: whatever one file holds, the others keep working."""

import os

import pytest

from pages.content import library
from tests.conftest import SEED
from tests.support.content_samples import DESCRIPTION

SITE = '[calls_to_action]\n"Start Free Trial" = "/start"\n'


def document(url="", more="", words="words"):
    line = f"## {url}\n" if url else ""
    return f"# A Name\n{line}\n## META\n\n```\nTitle: A\nDescription: {DESCRIPTION}\n{more}\n```\n\n{words}\n"


@pytest.fixture
def write(tmp_path):
    """Writes files into a content folder and gives the folder back."""
    folder = tmp_path / "content"
    folder.mkdir()

    def put(**files):
        for name, text in ({"site.toml": SITE} | files.pop("named", {}) | files).items():
            path = folder / (name if "." in name else f"{name}.md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return put


def grave(found):
    """What is wrong but for files that stand elsewhere than their URL says."""
    return tuple(problem for problem in found.problems if problem.rule != "misplaced-file")


def rules(found):
    return [problem.rule for problem in grave(found)]


def test_a_file_that_stands_elsewhere_than_its_url_says_is_named(write):
    found = library.load(write(b=document("/a"), named={"10_ml (1).md": document("/c")}))
    assert [(problem.rule, problem.path, problem.line) for problem in found.problems] == [
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
def test_a_document_without_a_url_line_takes_its_url_from_its_place(write, path, url):
    found = library.load(write(named={path: document()}))
    assert (list(found.pages), rules(found)) == ([url], [])
    assert found.pages[url].path == f"content/{path}"


@pytest.mark.parametrize("line", ["/hire/b", "/hire/b/", "/Hire/B", "/hire//b"])
def test_the_url_line_wins_over_the_place(write, line):
    assert list(library.load(write(a=document(line))).pages) == ["/hire/b"]


@pytest.mark.parametrize("name", ["Bad Name.md", "naïve.md", "Sub Folder/a.md"])
def test_a_document_that_gives_no_url_is_left_out_and_named(write, name):
    found = library.load(write(good=document(), named={name: document()}))
    (problem,) = grave(found)
    assert list(found.pages) == ["/good"]
    assert (problem.path, problem.rule) == (f"content/{name}", "no-url")


def test_a_file_whose_name_is_no_url_has_the_one_of_its_line(write):
    assert list(library.load(write(named={"Bad Name.md": document("/fine")})).pages) == ["/fine"]


def test_a_url_that_cannot_be_one_is_named_with_its_place(write):
    (problem,) = library.load(write(a=document("/hire/../a"))).problems
    assert (problem.rule, problem.level, problem.line, problem.column) == ("bad-url", "error", 2, 4)


@pytest.mark.parametrize("name", ["README.md", "hire/README.md", ".hidden.md", ".drafts/a.md", "notes.txt"])
def test_files_that_are_no_documents_are_passed_over(write, name):
    found = library.load(write(a=document(), named={name: "words"}))
    assert (list(found.pages), rules(found)) == (["/a"], [])


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
def test_a_file_that_is_not_utf_8_is_left_out_and_the_byte_named(write, raw, line, column, byte):
    found = library.load(write(bad=raw, good=document()))
    (problem,) = grave(found)
    assert list(found.pages) == ["/good"]
    assert (problem.path, problem.rule, problem.level) == ("content/bad.md", "unreadable-file", "error")
    assert (problem.line, problem.column) == (line, column)
    assert byte in problem.message
    assert str(problem)


@pytest.mark.parametrize("text", ["", " \n\n\t\n", "\ufeff", "\ufeff\r\n"])
def test_an_empty_file_is_left_out_and_named(write, text):
    found = library.load(write(empty=text, good=document()))
    assert list(found.pages) == ["/good"]
    assert [(problem.path, problem.rule) for problem in found.problems] == [("content/empty.md", "empty-document")]


def test_a_folder_named_like_a_document_breaks_nothing(write):
    folder = write(good=document())
    (folder / "odd.md").mkdir()
    assert list(library.load(folder).pages) == ["/good"]


def test_a_link_to_nowhere_on_the_disk_breaks_nothing(write):
    folder = write(good=document())
    (folder / "gone.md").symlink_to(folder / "not-there.md")
    assert list(library.load(folder).pages) == ["/good"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_newlines_and_byte_order_marks_make_no_difference(write, newline, mark):
    seed = SEED.read_text(encoding="utf-8")
    found = library.load(
        write(a=seed, b=mark + seed.replace("/hire/machine-learning-engineer\n", "/b\n").replace("\n", newline))
    )
    assert found.pages["/b"].sections == found.pages["/hire/machine-learning-engineer"].sections


def test_of_two_documents_with_one_url_the_first_has_it_and_both_are_named(write):
    found = library.load(write(a=document("/same"), b=document("/same/"), c=document()))
    (problem,) = grave(found)
    assert (list(found.pages), found.pages["/same"].path) == (["/same", "/c"], "content/a.md")
    assert (problem.rule, problem.path, problem.line) == ("doubled-url", "content/b.md", 2)
    assert "content/a.md" in problem.message


def test_aliases_lead_to_their_page(write):
    found = library.load(write(a=document(more="Aliases: /old, /Older/")))
    assert (dict(found.aliases), rules(found)) == ({"/old": "/a", "/older": "/a"}, [])


@pytest.mark.parametrize(
    "files",
    [
        {"a": document(more="Aliases: /old"), "b": document(more="Aliases: /old")},
        {"a": document("/old"), "b": document(more="Aliases: /old")},
        {"a": document(more="Aliases: /old"), "b": document("/old")},
    ],
    ids=["two aliases", "a page and then an alias", "an alias and then a page"],
)
def test_an_address_that_two_documents_claim_is_named_with_both(write, files):
    found = library.load(write(**files))
    (problem,) = grave(found)
    assert problem.rule == "doubled-url"
    assert {"content/a.md", "content/b.md"} <= {problem.path, *problem.message.split()}
    assert len({"/a", "/b", "/old"} & {*found.pages, *found.aliases}) == len({*found.pages, *found.aliases})


def test_a_page_wins_over_an_alias_whatever_their_order(write):
    for files in (
        {"a": document("/old"), "b": document(more="Aliases: /old")},
        {"a": document(more="Aliases: /old"), "b": document("/old")},
    ):
        found = library.load(write(**files))
        assert "/old" in found.pages
        assert "/old" not in found.aliases


def test_the_site_s_settings_are_read(write):
    text = 'name = "Us"\nwords = ["SQL"]\n[phones]\nUK = "+44 7477 204642"\n[calls_to_action]\n"Go On" = "/go"\n'
    found = library.load(write(a=document(words="## SQL\n\n**[GO ON]**"), named={"site.toml": text}))
    assert (found.site.name, found.site.phone_links) == ("Us", [("UK", "+44 7477 204642", "tel:+447477204642")])
    assert (found.pages["/a"].sections[0].heading, rules(found)) == ("SQL", [])
    assert found.pages["/a"].sections[0].body[0].calls[0].href == "/go"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name = \n", 1),
        ('name = "a"\nname = "b"\n', 2),
        ("\n\n[calls_to_action\n", 3),
        ("name = 3\n", 1),
        ("\nemail = []\n", 2),
        ("\nwords = 'SQL'\n", 2),
        ("words = [1]\n", 1),
        ("phones = 1\n", 1),
        ("calls_to_action = ['/a']\n", 1),
        ("[calls_to_action]\n'A' = 3\n", 2),
        ("[calls_to_action]\n'A' = 'javascript:alert(1)'\n", 2),
        ("[phones]\nIndia = 91\n", 2),
        ("\x00", 1),
        ("a = " + "[" * 5000, 1),
    ],
)
def test_settings_that_are_broken_are_named_and_the_pages_stay(write, text, line):
    found = library.load(write(a=document(), named={"site.toml": text}))
    assert list(found.pages) == ["/a"]
    (problem,) = grave(found)
    assert (problem.path, problem.rule, problem.level) == ("content/site.toml", "site-settings", "error")
    assert problem.line == line
    assert problem.help


def test_settings_that_are_not_utf_8_are_named_and_the_pages_stay(write):
    found = library.load(write(a=document(), named={"site.toml": b"\xff"}))
    assert (list(found.pages), rules(found)) == (["/a"], ["unreadable-file"])


def test_one_wrong_setting_takes_no_other_with_it(write):
    found = library.load(write(a=document(), named={"site.toml": "name = 3\n[calls_to_action]\nA = '/a'\nB = 4\n"}))
    assert (found.site.name, dict(found.site.calls_to_action)) == ("LayersRank", {"A": "/a"})
    assert rules(found) == ["site-settings", "site-settings"]


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(write):
    (problem,) = library.load(write(named={"site.toml": "nam = 'x'\n"})).problems
    assert "did you mean name?" in problem.help


def test_missing_settings_are_named(write):
    folder = write(a=document())
    (folder / "site.toml").unlink()
    found = library.load(folder)
    assert (list(found.pages), rules(found)) == (["/a"], ["site-settings"])


def test_a_folder_that_is_empty_or_not_there_is_a_library_without_pages(tmp_path):
    assert not library.load(tmp_path).pages
    assert not library.load(tmp_path / "gone" / "content").pages


def test_problems_of_all_files_come_by_path_and_line(write):
    found = library.load(
        write(b=document("/same", "Titel: x"), a=document("/same"), c=b"\xff", named={"site.toml": "x = 1"})
    )
    places = [(problem.path, problem.line) for problem in grave(found)]
    assert places == sorted(places)
    assert len(places) == 4


def test_a_reload_takes_what_has_not_changed_from_the_library_before(write):
    folder = write(a=document(), b=document(more="Titel: x"), c=document(), empty="")
    before = library.load(folder)
    write(b=document(words="other words altogether"), d=document())
    (folder / "c.md").unlink()
    after = library.load(folder, before)
    assert list(after.pages) == ["/a", "/b", "/d"]
    assert after.pages["/a"] is before.pages["/a"]
    assert after.pages["/b"] is not before.pages["/b"]
    assert rules(before) == ["unknown-meta-key", "empty-document"]
    assert rules(after) == ["empty-document"]


def test_a_reload_keeps_the_problems_of_what_has_not_changed(write):
    folder = write(a=document("/same", "Titel: x"), b=document("/same"), c=b"\xff")
    before = library.load(folder)
    assert library.load(folder, before).problems == before.problems
    assert len(grave(before)) == 3


def test_a_reload_sees_a_change_of_the_same_length_by_its_time(write):
    folder = write(a=document(words="one"))
    before = library.load(folder)
    write(a=document(words="two"))
    os.utime(folder / "a.md", ns=(1, 1))
    assert "two" in library.load(folder, before).pages["/a"].sections[0].body[0].html


def test_a_reload_reads_every_document_again_when_the_settings_change(write):
    folder = write(a=document(words="**[Go On]**"))
    before = library.load(folder)
    after = library.load(write(named={"site.toml": "[calls_to_action]\n'Go On' = '/go'\n"}), before)
    assert (rules(before), rules(after)) == (["cta-target"], [])


def test_a_document_that_moves_takes_its_new_url(write):
    folder = write(a=document())
    before = library.load(folder)
    (folder / "a.md").rename(folder / "b.md")
    assert list(library.load(folder, before).pages) == ["/b"]
