"""URL conflicts: which of two documents gets a URL that both claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from .document import Page
from .page_files import PageFile
from .problems import Problem


def file_owner(pages: Mapping[str, Page], page: Page, file: PageFile) -> Page:
    """Return the page that the URL of `file` belongs to. `file` is one of the files of `page`.

    For example, a question bank at /bank has the file /bank/ownership.pdf about a competency. If the page
    /bank/ownership also has a PDF, both files have the same URL. The URL then belongs to the page /bank/ownership,
    unless this page is a draft.
    """
    other = pages.get(file.path.removesuffix(file.suffix)) if file.part else None
    is_taken = other and not other.meta.draft and any(each.path == file.path for each in other.files)
    return other if other and is_taken else page


def check_files(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each file that doesn't get its URL, because the URL belongs to another page.

    For several files about the same part of a page, such as a PDF and a workbook, yield only one problem.
    """
    for page in pages.values():
        taken = {file.name: file for file in page.files if file_owner(pages, page, file) is not page}
        for name, file in taken.items():
            owner = file_owner(pages, page, file)
            message = f"The {owner.files[0].kind} of {owner.path} already has the URL {file.path}, and keeps this URL."
            help = "Change this heading, or give the other page another URL."
            yield page.source.problem_from("doubled-url", message, help, first_line=1, text=name)


class UrlConflicts:
    """Finds the page of each URL and of each alias. Each conflict becomes a problem.

    `file_owner` returns a description of the file at a URL, such as “file content/price-list.pdf”. Without a file at
    the URL, `file_owner` returns "". `now` decides which pages are published.
    """

    def __init__(self, file_owner: Callable[[str], str], now: datetime) -> None:
        self._file_owner, self._now = file_owner, now
        self.pages: dict[str, Page] = {}
        self.aliases: dict[str, str] = {}
        self.problems: list[Problem] = []

    def add_all(self, pages: Iterable[Page]) -> None:
        """Add the pages. If pages share a URL, a published page keeps it.

        If several or none of these pages are published, a page whose file path matches the URL keeps the URL. A
        published page's URL overrides another page's alias. An unpublished page's URL doesn't override an alias.
        """
        for page in sorted(pages, key=self._precedence):
            self._add(page)

    def _precedence(self, page: Page) -> tuple[bool, bool, str]:
        is_misplaced = any(problem.rule == "misplaced-file" for problem in page.problems)
        return not page.meta.is_published(self._now), is_misplaced, page.path

    def _add(self, page: Page) -> None:
        if not page.url:
            return
        if file_owner := self._file_owner(page.url):
            self._report(page, page.url, file_owner, page.url_line)
            return
        owner = self.pages.get(page.url)
        if owner is None and not page.meta.is_published(self._now):
            owner = self.pages.get(self.aliases.get(page.url, ""))
        if owner is not None:
            self._report(page, page.url, f"page {owner.path}", page.url_line)
            return
        self.pages[page.url] = page
        if page.url in self.aliases:
            other = self.pages[self.aliases.pop(page.url)]
            self._report_alias(other, page.url, f"page {page.path}")
        for alias in page.meta.aliases:
            if file_owner := self._file_owner(alias):
                self._report_alias(page, alias, file_owner)
                continue
            owner = self.pages.get(alias) or self.pages.get(self.aliases.get(alias, ""))
            if owner is None:
                self.aliases[alias] = page.url
            elif owner is not page:
                self._report_alias(page, alias, f"page {owner.path}")

    def _report_alias(self, page: Page, alias: str, owner: str) -> None:
        self._report(page, alias, owner, page.meta.lines["aliases"])

    def _report(self, page: Page, url: str, owner: str, line: int) -> None:
        message = f"The {owner} already has the URL {url}, and keeps this URL."
        help = f"Choose another URL here or for the {owner}."
        self.problems.append(page.source.problem_from("doubled-url", message, help, first_line=line, text=url))
