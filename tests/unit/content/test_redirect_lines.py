"""What the checker suggests for wrong lines of `redirects.toml`."""

import pytest

from pages.content import redirects
from pages.content.problems import Problem, Source

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
