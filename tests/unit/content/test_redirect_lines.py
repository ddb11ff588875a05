"""What the checker suggests for wrong lines of `redirects.toml`."""

from pathlib import Path

import pytest

from pages.content import library, redirects
from pages.content.problems import Problem, Source

PAGE = "# Page\n## /page\n\n## META\n\n```\nTitle: A page\nAliases: /former\n```\n\n## WORDS\n\nWords.\n"
GENERAL = 'Write "/old" = "/new", or "/old" = "gone".'


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
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "redirects.toml").write_text(f'"/moved/*" = "/page"\n{line.format(slash)}\n')
    problems = [problem for problem in library.load(tmp_path).all_problems if problem.path.endswith("redirects.toml")]
    assert [problem.help for problem in problems] == [help]


@pytest.mark.parametrize("target", ["/former", "/former/", "/moved"])
def test_the_end_of_a_chain_keeps_the_anchor(tmp_path: Path, target: str) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "redirects.toml").write_text(f'"/moved" = "/page"\n"/old" = "{target}#words"\n')
    [problem] = [each for each in library.load(tmp_path).all_problems if each.path.endswith("redirects.toml")]
    assert problem.help == 'Write "/old" = "/page#words"'
    assert [edit.text for edit in problem.edits] == ["/page#words"]
