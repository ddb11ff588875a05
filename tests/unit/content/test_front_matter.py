"""YAML and TOML front matter from other tools is read as META and never shown. A draft stays a draft."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pages.content import front_matter
from pages.content.problems import Source
from tests.support.content_samples import DESCRIPTION, HEADER, problem_of, read, rules, visible_text

NOW = datetime(2026, 12, 1, tzinfo=UTC)
BODY = "# Hire Data Engineer\n## /hire/data-engineer\n\n---\n\n## ABOUT\n\nWords.\n"
FOLDED = DESCRIPTION.replace(", ", ",\n  ")
VALID = f"title: A title\ndescription: {DESCRIPTION}\n"
SHOWN = visible_text(read(BODY))


def yaml(*lines):
    return read("\n".join(["---", *lines, "---", "", BODY]))


def toml(*lines):
    return read("\n".join(["+++", *lines, "+++", "", BODY]))


def is_public(page):
    return page.meta.is_published(NOW)


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{VALID}---\n{BODY}",
        f"--- \n{VALID}...\n{BODY}",
        f"\n\n---\n{VALID}---\n{BODY}",
        f"---\n\n{VALID}\n---\n{BODY}",
        f"---\n  title: A title\n  description: {DESCRIPTION}\n---\n{BODY}",
        f"---\n# A comment\n#another, [^1]\n{VALID}---\n{BODY}",
        f'---\n"title": "A title"  # a comment\n\'description\': {DESCRIPTION}\n---\n{BODY}',
        f"---\ntitle: 'A title'\ndescription: >-\n  {FOLDED}\n---\n{BODY}",
        f'+++\ntitle = "A title"\ndescription = "{DESCRIPTION}" # a comment\n+++\n{BODY}',
    ],
)
def test_front_matter_is_read_as_meta_and_not_shown(text):
    page = read(text)
    assert (page.meta.title, page.meta.description, page.problems) == ("A title", DESCRIPTION, ())
    assert (page.name, page.url, visible_text(page)) == ("Hire Data Engineer", "/hire/data-engineer", SHOWN)
    assert is_public(page)


@pytest.mark.parametrize(
    ("lines", "key", "value"),
    [
        (["title: Hire: the guide"], "title", "Hire: the guide"),
        (['title: "Say \\"hi\\" # 1"'], "title", 'Say "hi" # 1'),
        (["title: 'It''s # 1' # a comment"], "title", "It's # 1"),
        (["title: C# for all # a comment"], "title", "C# for all"),
        (["title: one", "  two"], "title", "one two"),
        (["description: |", "  # one", "", "  two"], "description", "# one two"),
        (["Title:A"], "title", "A"),
        (["title: null"], "title", ""),
        (["title: ~"], "title", ""),
        (["aliases: [/a, '/b']"], "aliases", ("/a", "/b")),
        (["aliases:", "  - /a", '  - "/b" # old'], "aliases", ("/a", "/b")),
        (["aliases: # old URLs", "- /a", "- /b"], "aliases", ("/a", "/b")),
        (["aliases: [", '  "/a", # old', '  "/b",', "]"], "aliases", ("/a", "/b")),
        (["keywords: ['a, b', c]"], "keywords", "a, b, c"),
    ],
)
def test_yaml_values_are_read_as_in_other_tools(lines, key, value):
    assert getattr(yaml("robots: noindex", *lines).meta, key) == value


def test_tables_of_toml_are_read():
    page = toml('title = "A"', "aliases = [", '  "/a",', '  "/b"', "]", "", "[extra]", "updated = 2026-11-30")
    assert (page.meta.title, page.meta.aliases, str(page.meta.updated)) == ("A", ("/a", "/b"), "2026-11-30")
    assert "extra" in problem_of(page, "unknown-meta-key").message


def test_unknown_keys_are_reported_at_their_lines_and_not_shown():
    page = yaml("title: A", "layout: post", "tags:", "  - internal", "og_image: /a.png", "seo:", "  title: B")
    found = [(problem.line, problem.column) for problem in page.problems if problem.rule == "unknown-meta-key"]
    assert found == [(3, 1), (4, 1), (6, 1), (7, 1)]
    assert page.meta.title == "A"
    assert "internal" not in visible_text(page)
    assert is_public(page)


def test_a_problem_in_a_value_points_to_the_value():
    page = yaml("title: A", 'publish: "soon"')
    problem = problem_of(page, "meta-value")
    assert (problem.line, problem.column, problem.length) == (3, 11, 4)


# Drafts

DRAFTS = [
    ["  status: draft"],
    ["seo:", "  status: draft"],
    ["Status: draft"],
    ["status: 'draft' # not yet"],
    ['"status": "draft"'],
    ["status:", "  draft"],
    ["status: >", "  draft"],
    ["status: !!str draft"],
    ["status: live"],
    ["staus: draft"],
    ["state: draft"],
    ["status: published", "status: draft"],
    ["draft: true"],
    ["draft: Yes"],
    ["draft: maybe"],
    ["draft: false", "status: draft"],
    ["draft: false", "draft: true"],
    ["published: false"],
    ["public: false"],
    ["publish: false"],
    ["publishDate: 2027-01-01"],
    ["publish_date: 2027-01-01"],
    ["publish: 2027-01-01"],
    ["publish: 2026-01-01", "publish: 2027-01-01"],
    ["Status draft"],
    ["- status: draft"],
    ["? status", ": draft"],
    ["<<: *status"],
]


@pytest.mark.parametrize("lines", DRAFTS)
@pytest.mark.parametrize("first", ["title: A", "layout: post", "# a comment\ntitle: A"])
def test_a_draft_is_never_public(first, lines):
    page = yaml(first, *lines)
    assert not is_public(page)
    assert visible_text(page) == SHOWN


@pytest.mark.parametrize("lines", [["{title: A, status: draft}"], ["{", "status: draft", "}"], ["status: draft"]])
def test_a_draft_with_its_status_in_the_first_line_is_never_public(lines):
    page = yaml(*lines)
    assert not is_public(page)
    assert visible_text(page) == SHOWN


@pytest.mark.parametrize(
    "lines",
    [['status = "draft"'], ["draft = true"], ["[extra]", "draft = true"], ['status = """', "draft", '"""'], ["status"]],
)
def test_a_draft_in_toml_is_never_public(lines):
    assert not is_public(toml('title = "A"', *lines))


@pytest.mark.parametrize("line", ["draft: false", "draft: no", "status: published"])
def test_a_published_page_is_public(line):
    assert is_public(yaml("title: A", line))


@pytest.mark.parametrize(
    "line",
    ["Draft: true", "Staus: draft", "Status: published\nStatus: draft", "Publish: 2026-01-01\nPublish: 2027-01-01"],
)
def test_a_draft_in_a_meta_section_is_never_public(line):
    assert not is_public(read(HEADER.replace("Title: A title", f"Title: A title\n{line}")))


lines_of_front_matter = st.lists(
    st.one_of(
        st.text(alphabet="abt:-=# \"'[]{}|>,.\\\t", max_size=20),
        st.sampled_from(["title: A", "tags:", "  - a", "", "# a", "...x", "<b>", "draft: false", "key = 'a'"]),
    ).filter(lambda line: line.rstrip() not in ("---", "...")),
    max_size=8,
)


@given(lines_of_front_matter, lines_of_front_matter)
@example(["title: |"], [])
def test_a_draft_is_never_public_whatever_other_lines_its_front_matter_has(before, after):
    assert not is_public(yaml("title: A", *before, "Status: draft", *after))


@given(lines_of_front_matter, lines_of_front_matter, st.sampled_from(["", "\n"]), st.sampled_from(["title: A", "a: b"]))
@example([], [], "\n", "# A comment\ntitle: A")
def test_a_draft_with_front_matter_that_never_ends_is_never_public(before, after, gap, first):
    lines = "\n".join([first, *before, "Status: draft", *after])
    assert not is_public(read(f"---\n{gap}{lines}\n\n{BODY}"))


# Mistakes


def test_an_invalid_line_is_an_error():
    page = yaml("title: A", "", "just words", "more: b")
    problem = problem_of(page, "front-matter")
    assert (problem.level, problem.line, problem.length) == ("error", 4, len("just words"))
    assert not is_public(page)


@pytest.mark.parametrize("end", [BODY, "Words.\n", ""])
@pytest.mark.parametrize("fence", ["---", "+++"])
def test_front_matter_that_never_ends_makes_the_page_a_draft(fence, end):
    page = read(f"{fence}\ntitle: A\nstatus: published\n\n{end}")
    problem = problem_of(page, "front-matter")
    assert (problem.level, problem.line, fence in problem.help) == ("error", 1, True)
    assert not is_public(page)
    assert page.meta.title == "A"
    assert visible_text(page) in (SHOWN, "introduction Words.", "")


def test_a_meta_section_after_front_matter_is_reported_but_still_read():
    page = read(f"---\nkeywords: a\ntitle: B\n---\n{HEADER}## ABOUT\n\nWords.\n")
    assert (page.meta.title, page.meta.keywords, page.meta.description) == ("B", "a", DESCRIPTION)
    assert sorted(rules(page)) == ["doubled-meta", "doubled-meta-key"]
    assert problem_of(page, "doubled-meta").line == 11
    assert "The site uses line 3." in problem_of(page, "doubled-meta-key").message


@pytest.mark.parametrize(("front", "section"), [("draft", "published"), ("published", "draft")])
def test_a_draft_stays_a_draft_if_front_matter_and_meta_disagree(front, section):
    header = HEADER.replace("Title:", f"Status: {section}\nTitle:")
    page = read(f"---\nstatus: {front}\n---\n{header}")
    assert not is_public(page)


def test_a_repeated_key_whose_value_continues_on_the_next_line_is_not_deleted():
    page = yaml("title: A", "title:", "  A")
    assert problem_of(page, "doubled-meta-key").edits == ()


# A divider at the start of a document


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{HEADER}",
        f"---\n\n{HEADER}",
        "---\n\n# Name\n\n## META\n\n```\nTitle: A\nStatus: published\n```\n\n---\n",
        "---\n\nNote: we moved.\n\n---\n\n# Name\n",
        "---\n# Name\n\nNote: we moved.\n\n---\n",
        "---\n# Name\n## /a\n\nTitle: words\n\n---\n",
        "---\nWords. Then: more words\n\n---\n",
        "---\n[Link](/a): words\n\n---\n",
        "---\n---\n",
        "---",
        "----\nTitle: A\n---\n",
        "    ---\n    Title: A\n",
        "+++ a\nTitle: A\n+++\n",
        "# Name\n\n---\nTitle: A\n---\n",
        "",
    ],
)
def test_a_divider_is_not_front_matter(text):
    assert front_matter.read(Source("a.md", text)) is None


def test_the_position_of_a_value_in_toml_with_a_colon():
    [problem] = [
        each for each in toml('title = "A"', "date = 2026-11-20T09:00:00Z").problems if each.rule == "meta-value"
    ]
    assert (problem.line, problem.column) == (3, 8)
