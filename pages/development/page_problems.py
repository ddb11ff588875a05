"""On pages shown in development, place each problem beside the section that contains it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from ..content.document import Page
from ..content.library import Library
from ..content.problems import Problem
from ..content.sections import Section
from ..content.settings_file import FACTS_FILE, SITE_FILE

SYMBOLS = {"error": "✖", "warning": "⚠", "notice": "ℹ"}


@dataclass(frozen=True)
class ShownProblem:
    """A problem as shown on a page.

    `symbol` is shown beside the name of the level, so that color isn't the only sign of the level.
    """

    problem: Problem

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.problem.level]

    @property
    def location(self) -> str:
        return f"{self.problem.path}:{self.problem.line}:{self.problem.column}"


@dataclass(frozen=True)
class PlacedProblems:
    """The problems to show above the page, and each section of the page with its problems."""

    above_page: tuple[ShownProblem, ...]
    sections: tuple[tuple[Section, tuple[ShownProblem, ...]], ...] = ()


def place_problems(page: Page | None, library: Library) -> PlacedProblems:
    """Place each problem of `page` beside the section that contains its line.

    Problems in META, in text before the first section, and in the site's TOML files are placed above the page.
    Notices in the TOML files are shown only on the home page. If `page` is None, as on the 404 page, place only the
    problems of files that have no page.
    """
    if page is None:
        paths = {page.path for page in library.pages.values()}
        return PlacedProblems(
            tuple(ShownProblem(problem) for problem in library.all_problems if problem.path not in paths)
        )
    # The first line of META and of each section, with the section's index. META has the index -1. Start META one line
    # earlier, because some problems of META are at the fence above its first line.
    starts = sorted([(page.meta.line - 1, -1), *((section.line, index) for index, section in enumerate(page.sections))])
    lines = [line for line, _ in starts]
    is_home = page.url == "/"
    above_page: list[ShownProblem] = []
    by_section: list[list[ShownProblem]] = [[] for _ in page.sections]
    for problem in library.all_problems:
        if problem.path == page.path:
            part = bisect_right(lines, problem.line) - 1
            index = starts[part][1] if part >= 0 else -1
            (above_page if index < 0 else by_section[index]).append(ShownProblem(problem))
        elif problem.path.endswith((f"/{SITE_FILE}", f"/{FACTS_FILE}")) and (is_home or problem.level != "notice"):
            above_page.append(ShownProblem(problem))
    return PlacedProblems(tuple(above_page), tuple(zip(page.sections, map(tuple, by_section), strict=True)))
