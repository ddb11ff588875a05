"""Which document has an address that two claim."""

from __future__ import annotations

from .document import Page
from .problems import Problem


def precedence(page: Page) -> tuple[bool, bool, str]:
    """Who has an address that two claim: a published page before a draft, then a file where its URL says."""
    misplaced = any(problem.rule == "misplaced-file" for problem in page.problems)
    return page.meta.draft, misplaced, page.path


class UrlConflicts:
    """One map for URLs and aliases, so that two documents cannot claim one address without both being named."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.aliases: dict[str, str] = {}
        self.problems: list[Problem] = []

    def add(self, page: Page) -> None:
        """Of two pages with one URL, the one that comes first has it; a draft takes no old address either."""
        if not page.url:
            return
        taken = self.pages.get(page.url)
        if taken is None and page.meta.draft:
            taken = self.pages.get(self.aliases.get(page.url, ""))
        if taken is not None:
            self._collide(page, page.url, taken, page.url_line)
            return
        self.pages[page.url] = page
        if page.url in self.aliases:
            other = self.pages[self.aliases.pop(page.url)]
            self._collide(other, page.url, page, other.meta.line)
        for alias in page.meta.aliases:
            taken = self.pages.get(alias) or self.pages.get(self.aliases.get(alias, ""))
            if taken is None:
                self.aliases[alias] = page.url
            elif taken is not page:
                self._collide(page, alias, taken, page.meta.line)

    def _collide(self, page: Page, url: str, taken: Page, line: int) -> None:
        message = f"{url} is the address of {taken.path} already, which keeps it"
        help = "give one of the two another address"
        self.problems.append(page.source.problem_from("doubled-url", message, help, first_line=line, text=url))
