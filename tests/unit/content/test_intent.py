"""The rule `intent`: each page says its first keyword, and no two pages have the same first keyword."""

import pytest

from pages.content import library
from tests.support.content_samples import DESCRIPTION

META = "Title: {title}\nDescription: {about}\nKeywords: {keywords}\n{more}"
DOCUMENT = f"# {{name}}\n## {{url}}\n\n## META\n\n```\n{META}```\n\n{{text}}\n"
EMPTY = {"about": DESCRIPTION, "more": "", "text": ""}
MISSING, SHARED = "is not in the title, a heading or the first 100 words", "has the same first keyword as content/a.md"


@pytest.fixture
def messages(tmp_path):
    """A function that writes pages and returns the rule's messages.

    Each argument describes a page: its keywords, and its values that differ from EMPTY.
    """
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "site.toml").write_text('name = "Ours"\n')

    def check(*pages):
        for letter, (keywords, differences) in zip("abc", pages, strict=False):
            values = {
                "name": letter,
                "url": f"/{letter}",
                "title": letter,
                "about": DESCRIPTION,
                "more": "",
                "text": "",
            }
            (folder / f"{letter}.md").write_text(DOCUMENT.format(**values | differences, keywords=keywords))
        problems = [problem for problem in library.load(folder).all_problems if problem.rule == "intent"]
        assert all(problem.level == "notice" and problem.source.startswith("Keywords: ") for problem in problems)
        return [(problem.path, problem.message) for problem in problems]

    return check


@pytest.mark.parametrize(
    "where",
    [
        {"title": "15 Backend Engineer Interview Questions | Ours"},
        {"title": "Back-end engineers’ interview question"},
        {"name": "Back end engineer interview questions"},
        {"text": "## WORDS\n\nWords.\n\n### The backend engineer: interview questions\n\nMore."},
        {"text": "## FAQ\n\n**Which backend engineer interview questions help?**\nThese."},
        {"text": "## WORDS\n\nAsk **backend engineer** interview questions such as these."},
    ],
)
def test_a_page_says_its_first_keyword_as_people_write_it(messages, where):
    assert messages(("backend engineer interview questions, more", where)) == []


@pytest.mark.parametrize(
    ("keyword", "where"),
    [
        ("backend engineer interview questions", {"title": "Hire backend engineers"}),
        ("backend engineer", {"text": f"## WORDS\n\n{'word ' * 100}backend engineer."}),
        ("backend engineer", {"about": f"Backend engineer. {DESCRIPTION}"}),
        ("ML engineer", {"title": "HTML engineer"}),
        ("data scientist", {"title": "Scientist of data"}),
    ],
)
def test_a_page_that_does_not_say_its_first_keyword(messages, keyword, where):
    [(path, message)] = messages((f"{keyword}, more", where))
    assert path == "content/a.md" and MISSING in message and keyword in message


def test_other_keywords_may_be_missing_and_shared(messages):
    assert messages(("one, both", {"title": "One"}), ("two, both", {"title": "Two"})) == []


def test_two_pages_with_the_same_first_keyword(messages):
    pages = ("QA engineers", {"title": "QA Engineer"}), ("qa-engineer", {"title": "QA engineers"})
    [(path, message)] = messages(*pages)
    assert path == "content/b.md" and SHARED in message


@pytest.mark.parametrize("more", ["Status: draft\n", "Robots: noindex\n"])
def test_pages_that_search_engines_do_not_list_are_left_out(messages, more):
    assert messages(("one", {"title": "One"}), ("one", {"more": more})) == []


def test_pages_in_other_languages_may_have_the_same_keyword(messages):
    assert messages(("SQL", {"title": "SQL"}), ("SQL", {"title": "SQL", "more": "Language: hi\n"})) == []


def test_pages_without_keywords_are_left_out(messages):
    assert messages(("", {}), (", one", {}), ("one", {"title": "One"})) == []
