"""The pages that visitors may see at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ..content.document import Page
from ..content.library import Library

# How many of a hub's pages stand in the footer of every page; the hub itself names them all.
FOOTER_PAGES = 12

# What Visible notes beside the URLs of pages, the latter two with that of a hub.
ALL_PAGES, UNDER, FIRST_UNDER = "all pages", "under ", "first under "


@dataclass(frozen=True)
class VisiblePages:
    """A library as visitors meet it at `now`. One request takes one, so that all it shows is of one moment.

    `asked` gathers what was looked at: URLs of pages, and ALL, UNDER and FIRST_UNDER.
    """

    library: Library
    now: datetime
    drafts: bool
    asked: set[str] | None = None

    def page(self, url: str) -> Page | None:
        self._record(url)
        page = self.library.pages.get(url)
        return page if page and (self.drafts or page.meta.is_published(self.now)) else None

    def pages(self) -> list[Page]:
        self._record(ALL_PAGES)
        return [page for page in self.library.pages.values() if self.drafts or page.meta.is_published(self.now)]

    def under(self, url: str) -> list[Page]:
        """The pages right under `url`, by name."""
        self._record(UNDER + url)
        return list(self._under(url))

    def first_under(self, url: str) -> list[Page]:
        """The first FIRST of the pages right under `url`: all of them may be ten thousand."""
        self._record(FIRST_UNDER + url)
        return list(islice(self._under(url), FOOTER_PAGES))

    def _under(self, url: str) -> Iterator[Page]:
        return (page for page in self.library.under.get(url, ()) if self.drafts or page.meta.is_published(self.now))

    def hubs(self) -> list[Page]:
        """The pages that have pages under them, by address; the home page has all, and is none."""
        self._record(ALL_PAGES)
        urls = sorted(url for url in self.library.under if url != "/" and any(self._under(url)))
        return [page for url in urls if (page := self.page(url))]

    def _record(self, what: str) -> None:
        if self.asked is not None:
            self.asked.add(what)
