"""What the checker suggests for wrong lines of `redirects.toml`."""

from pathlib import Path

import pytest

from pages.content import library, redirects
from pages.content.library import Library
from pages.content.problems import Problem, Source

PAGE = "# Page\n## /page\n\n## META\n\n```\nTitle: A page\nAliases: /former\n```\n\n## WORDS\n\nWords.\n"
GENERAL = 'Write "/old" = "/new", or "/old" = "gone".'


def site_with(folder: Path, lines: str) -> Library:
    """Return a site with one page, /page, and with `lines` in redirects.toml."""
    (folder / "page.md").write_text(PAGE)
    (folder / "redirects.toml").write_text(lines)
    return library.load(folder)


def problems_of_redirects(site: Library) -> list[Problem]:
    return [problem for problem in site.all_problems if problem.path.endswith("redirects.toml")]


@pytest.mark.parametrize(
    ("target", "help"),
    [
        ("resources", 'Did you mean "/old" = "/resources"?'),
        ("hire/data-engineer", 'Did you mean "/old" = "/hire/data-engineer"?'),
        ("www.example.com/shop", 'Did you mean "/old" = "https://www.example.com/shop"?'),
        ("gon", 'Did you mean "/old" = "gone"?'),
        ("Gone", 'Write "/old" = "gone"'),
        ("the prices", GENERAL),
        ("ftp://example.com", GENERAL),
    ],
)
def test_a_wrong_new_address_gets_the_line_that_was_probably_meant(target: str, help: str) -> None:
    problems: list[Problem] = []
    redirects.parse(Source("content/redirects.toml", f'"/old" = "{target}"\n'), problems)
    assert [(problem.rule, problem.help) for problem in problems] == [("redirect-line", help)]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("line", "help"),
    [
        ('"/old" = "/former{}"', 'Write "/old" = "/page"'),
        ('"/old/*" = "/moved{}/*"', 'Write "/old/*" = "/page"'),
        ('"/old/*" = "/none{}/*"', "Correct the new address, or create a page whose URL begins with /none/."),
    ],
)
def test_a_slash_at_the_end_of_a_new_address_makes_no_difference(
    tmp_path: Path, line: str, help: str, slash: str
) -> None:
    site = site_with(tmp_path, f'"/moved/*" = "/page"\n{line.format(slash)}\n')
    assert [problem.help for problem in problems_of_redirects(site)] == [help]


@pytest.mark.parametrize(
    ("target", "end"),
    [
        ("/former#words", "/page#words"),
        ("/former/#words", "/page#words"),
        ("/FORMER#words", "/page#words"),
        ("/former?a=1#words", "/page?a=1#words"),
        ("/moved#words", "/page?b=2#words"),
        ("/moved?a=1#words", "/page?a=1&b=2#words"),
        ("/moved?p=1", "/page#words"),
        ("/moved?p=1&a=1", "/page?a=1#words"),
        ("/searched#a", "/search#a"),
        ("/removed#words", "gone"),
        ("/elsewhere?a=1#words", "https://other.example/"),
    ],
)
def test_the_end_of_a_chain_is_the_address_that_visitors_reach(tmp_path: Path, target: str, end: str) -> None:
    others = {
        "/moved": "/page?b=2",
        "/moved?p=1": "/page#words",
        "/searched": "/search",
        "/removed": "gone",
        "/elsewhere": "https://other.example/",
    }
    lines = [f'"{old}" = "{new}"' for old, new in {**others, "/old": target}.items()]
    site = site_with(tmp_path, "\n".join(lines))
    [problem] = problems_of_redirects(site)
    assert problem.help == f'Write "/old" = "{end}"'
    assert [edit.text for edit in problem.edits] == [end]
    is_live = {"/page", "/search"}.__contains__
    assert site.redirects.follow("/old", site.aliases, is_live) == end


@pytest.mark.parametrize(
    ("line", "other", "end"),
    [
        ('"/old/*" = "/former/*"', "", "/page"),
        ('"/old/*" = "/MOVED/*"', '"/moved/*" = "/page"', "/page"),
        ('"/old/*" = "/moved/*"', '"/moved" = "/page"', "/page"),
        ('"/old/*" = "/moved/*"', '"/moved/a" = "/page"', ""),
        ('"/old/*" = "/moved/*"', '"/moved/a" = "/page"\n"/moved/*" = "gone"', ""),
        ('"/old/*" = "/moved/*"', '"/moved" = "/page"\n"/moved/*" = "gone"', ""),
        ('"/old/*" = "/moved/a/*"', '"/moved/*" = "/page/*"', ""),
        ('"/old/*" = "/former/*"', '"/former/*" = "gone"', ""),
    ],
)
def test_a_line_for_many_addresses_stays_if_they_lead_to_different_addresses(
    tmp_path: Path, line: str, other: str, end: str
) -> None:
    problems = problems_of_redirects(site_with(tmp_path, f"{line}\n{other}\n"))
    assert [problem.help for problem in problems if problem.line == 1] == ([f'Write "/old/*" = "{end}"'] if end else [])


@pytest.mark.parametrize("target", ["/page?a=1/*", "/page#a/*", "https://other.example/?a=1/*"])
def test_no_asterisk_may_follow_a_query_or_an_anchor(target: str) -> None:
    problems: list[Problem] = []
    redirects.parse(Source("content/redirects.toml", f'"/old/*" = "{target}"\n'), problems)
    assert [problem.message for problem in problems] == [
        f"“{target}” can't be a new address. “/*” can't follow “?” or “#”."
    ]
