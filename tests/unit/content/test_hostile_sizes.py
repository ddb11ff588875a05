"""Test that hostile documents take linear time. Most of them took much longer when checks took quadratic time."""

from time import process_time

import pytest

from pages.content import content_folder, library
from pages.content.autofix import apply_edits
from pages.content.masked_lines import blank_code_spans
from pages.content.meta_values import MAX_DIRECTIVES
from pages.content.problems import MAX_SEARCH_LINES, MAX_SUGGESTIONS, Edit, Source, Span
from tests.support.content_samples import HEADER, read

SIZE = 10_000  # The size of a document, in characters.
MAX_SECONDS = 3  # The most processor time for a test. Without a defect, a test needs less than 0.5 s.


def repeated(text, size=SIZE):
    return text * (size // len(text))


HOSTILE = {
    "runs of backticks, each of another length": "".join("e" + "`" * length for length in range(1, 400)),
    "comments that never end": repeated("<!--\n", SIZE),
    "comments that end far away": repeated("<!-- a\n\n") + "--> a",
    "comments in one line that never end": "a " + repeated("<!--", SIZE * 2),
    "a link in angle brackets that never ends": "a <" + repeated("a:", SIZE * 2),
    "brackets that never end": repeated("["),
    "line breaks in one line": repeated("a<br>", SIZE),
    "cells whose text is not in the source": "|" + repeated("a|", SIZE // 2) + "\n|" + repeated("-|", SIZE // 2) + "\n|"
    + repeated("x\\|y|", SIZE),
    "calls to action in one bold text": "**" + repeated("[*A* → /b] ", SIZE) + "**",
    "URLs in quotes": repeated("“https://b.co/a.” " * 400 + "\n\n"),
    "URLs that end in punctuation": repeated("https://b.co/" + "a.,–" * 1_900 + "\n\n"),
    "links in one line": repeated("[a](/hire/data-engineer/) "),
    "links in lines of one paragraph": repeated("[a](/b/)\n"),
    "no-break spaces in brackets": "[" + repeated("\u00a0") + "a](/b)",
    "marks of other tools in one line": repeated("[[{{:a^b~==++<% [b] ](“ )[/ [a(/ ：** ［( "),
    "marks without a partner in lines of one paragraph": repeated("**a ** ~~ ` -> | •\n|-|\n"),
    "footnotes with one label": repeated("a[^a]\n\n[^a]: b\n\n"),
    "marks that never end": "[^a]: b\n\n" + repeated("[^a"),
    "definitions and tildes": repeated("a\n: b\n~ c\n\n"),
    "spaces in runs of other styles": repeated("*&nbsp;*&#8203;", SIZE) + " **[A → /b]**",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_read_and_checked_in_linear_time(tmp_path, name):
    (tmp_path / "hostile.md").write_text(f"{HEADER}\n## A SECTION\n\n{HOSTILE[name]}\n")
    started = process_time()
    assert library.load(tmp_path).all_problems is not None
    assert process_time() - started < MAX_SECONDS


META_LINES = {
    "a value on many lines": ("## META\n\n```\nTitle: a\n", " a\n"),
    "spaces between two words": ("## META\n\n```\nRobots: a" + " " * 10 * SIZE, "b"),
    "unknown keys": ("## META\n\n```\n", "Abc: d\n"),
    "front matter with spaces": ("---\na: b\n", "a  "),
    "front matter with quotes": ("---\ntitle: [", '"\\'),
    "front matter with list items": ("---\ntags:\n", "- a\n"),
    "front matter that never ends": ("", "---\na: b\n"),
    "front matter with a long value and list items": ("---\na: " + repeated("a") + "\n", "-\n"),
    "front matter with a long block indicator": ("---\na: |" + repeated("-") + "a\n", "-\n"),
    "front matter with spaces in a key": ("---\na" + repeated(" ") + "!\n", "a: b\n"),
}


@pytest.mark.parametrize("name", META_LINES)
@pytest.mark.parametrize("end", ["", "\n---\n"])
def test_hostile_meta_and_front_matter_are_read_in_linear_time(name, end):
    before, unit = META_LINES[name]
    started = process_time()
    read(f"{before}{repeated(unit)}{end}")
    assert process_time() - started < MAX_SECONDS


SPACES = " " * 300_000


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}## A SECTION\n\na\n{SPACES}b #",
        f"{HEADER}## A SECTION\n\n- a\n-{SPACES}b #",
        f"## META\n\n```\nTitle: a\nRobots: a{SPACES}b\n```\n",
        f"---\na{SPACES}!\n---\n",
    ],
    ids=["before a word", "in a list item", "in Robots", "in a key"],
)
def test_a_long_run_of_spaces_is_read_in_linear_time(text):
    started = process_time()
    read(text)
    assert process_time() - started < MAX_SECONDS


def test_the_number_of_words_in_robots_is_limited():
    words = [f"word{number}" for number in range(10 * MAX_DIRECTIVES)]
    problems = read(f"## META\n\n```\nTitle: a\nRobots: {' '.join(words)}\n```\n").problems
    assert sum(problem.rule == "meta-value" for problem in problems) == MAX_DIRECTIVES + 1
    assert "“Robots” has 1,000 words" in str(problems)


def test_meta_blocks_without_an_end_are_read_in_linear_time():
    started = process_time()
    page = read(repeated("## META\n\n```\nTitle: A\n---\n", SIZE))
    assert process_time() - started < MAX_SECONDS
    assert page.meta.title == "A"


@pytest.mark.parametrize(
    ("line", "without_spans"),
    [
        ("a `b` c", "a     c"),
        ("``a`b`` c `", "        c `"),
        ("```a` b ``c``", "```a` b      "),
        ("`a``b`", "      "),
        ("no span", "no span"),
    ],
)
def test_a_code_span_starts_and_ends_with_the_same_number_of_backticks(line, without_spans):
    assert blank_code_spans(line) == without_spans


def test_the_number_of_suggestions_for_misspelled_links_is_limited(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    links = "\n".join(f"[a](/pag{number}) [b](#nothin{number})\n" for number in range(2 * MAX_SUGGESTIONS))
    (folder / "page.md").write_text(f"{HEADER}\n## NOTHING\n\n{links}\n")
    problems = [problem for problem in library.load(folder).all_problems if problem.rule.startswith("broken-")]
    assert len(problems) == 4 * MAX_SUGGESTIONS
    assert 0 < sum("Did you mean" in problem.help for problem in problems) <= 2 * MAX_SUGGESTIONS


def test_the_search_for_the_line_of_a_problem_is_limited():
    lines = ["Aliases: /%61", *[""] * MAX_SEARCH_LINES, "/a"]
    problem = Source("a.md", "\n".join(lines)).problem_from("doubled-url", "", "", first_line=1, text="/a")
    assert problem.line == 1


def test_folders_with_symbolic_links_to_each_other_are_read_once(tmp_path):
    for name in map(str, range(30)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text("# A\n")
        for other in map(str, range(30)):
            (tmp_path / name / f"to-{other}").symlink_to(f"../{other}")
    assert len(content_folder.document_paths(tmp_path, content_folder.scan(tmp_path))) == 30


def test_many_edits_and_deletions_are_applied_in_linear_time():
    size = 30_000
    in_one_line = [Edit(Span(1, column, 1), "bc") for column in range(1, size + 1)]
    lines = [Edit(Span(number, 1, 1), deletes_line=True) for number in range(2, size + 2)]
    started = process_time()
    assert apply_edits("a" * size + "\n" + "a\n" * size, in_one_line + lines) == "bc" * size + "\n"
    assert process_time() - started < MAX_SECONDS
