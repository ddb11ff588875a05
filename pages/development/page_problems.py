"""Which problems stand where in a page that is shown in development."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from ..content.document import Page
from ..content.library import SITE_FILE, Library
from ..content.problems import Problem
from ..content.sections import Section

MARKS = {"error": "✖", "warning": "⚠"}


@dataclass(frozen=True)
class ShownProblem:
    """A problem as a page shows it: `mark` beside its level's word, so that neither needs color; `excerpt` is the
    source line with its marker under it."""

    problem: Problem

    @property
    def mark(self) -> str:
        return MARKS[self.problem.level]

    @property
    def place(self) -> str:
        return f"{self.problem.path}:{self.problem.line}:{self.problem.column}"

    @property
    def excerpt(self) -> str:
        """The second and third line of what the log says."""
        return "\n".join(str(self.problem).split("\n")[1:3]) if self.problem.source.strip() else ""


@dataclass(frozen=True)
class PlacedProblems:
    """`top` stands over the page; `sections` are the page's, each with its own."""

    top: tuple[ShownProblem, ...]
    sections: tuple[tuple[Section, tuple[ShownProblem, ...]], ...] = ()


def place_problems(page: Page | None, library: Library) -> PlacedProblems:
    """The problems of `page`, each beside the section whose lines hold it. Over the page stand META's, those of lines
    before any section, and those of the site's settings, which every page takes from.

    Where no document is shown, as for an unknown address, stands what no page would show: the problems of documents
    that are not on the site.
    """
    if page is None:
        paths = {page.path for page in library.pages.values()}
        return PlacedProblems(
            tuple(ShownProblem(problem) for problem in library.all_problems if problem.path not in paths)
        )
    # Where each stretch of the document begins, and which section it is; META's, with the fence over its first line.
    starts = sorted([(page.meta.line - 1, -1), *((section.line, index) for index, section in enumerate(page.sections))])
    lines = [line for line, _ in starts]
    top: list[ShownProblem] = []
    beside: list[list[ShownProblem]] = [[] for _ in page.sections]
    for problem in library.all_problems:
        if problem.path == page.path:
            stretch = bisect_right(lines, problem.line) - 1
            index = starts[stretch][1] if stretch >= 0 else -1
            (top if index < 0 else beside[index]).append(ShownProblem(problem))
        elif problem.path.endswith(f"/{SITE_FILE}"):
            top.append(ShownProblem(problem))
    return PlacedProblems(tuple(top), tuple(zip(page.sections, map(tuple, beside), strict=True)))
