"""The days for `lastmod` in the sitemap.

A page also counts as changed if it shows parts of another page that has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from ..content.document import Page
from ..content.url_paths import parent_url
from ..repository.git_dates import last_changes, removals
from ..repository.shown_pages import shown_pages
from ..repository.visible_pages import VisiblePages


class LastModified:
    """Finds the day when a page or an article list last changed. `visible` are the pages that visitors may see."""

    def __init__(self, visible: VisiblePages) -> None:
        self._visible = visible
        self._changes = last_changes(visible.library)
        self._removals: dict[str, date] = {}  # the day of the last removal under each URL
        for url, day in removals(visible.library).items():
            parent = parent_url(url)
            self._removals[parent] = max(day, self._removals.get(parent, day))

    def of(self, page: Page) -> date | None:
        """Return the day of the last change to the page or to its `shown_pages`. Return None if the day isn't known.

        A hub also changes when a page in its list goes live, expires or is removed.
        """
        own = self._own(page)
        if own is None:
            return None
        shown = map(self._own, shown_pages(page, self._visible))
        removed = (self._removals[url] for url in page.listed_urls if url in self._removals)
        return max((own, *filter(None, shown), *self._expiries(page.listed_urls), *removed))

    def of_list(self, url: str, number: int) -> date | None:
        """Return the day when page `number` of the article list under `url` changed. `number` is at least 2."""
        return max(filter(None, map(self._own, self._visible.article_list(url, number).pages)), default=None)

    def _own(self, page: Page) -> date | None:
        """Return the day of META's “Updated”, or else the day when the document last changed or went live."""
        changed, publish = self._changes.get(page.url), page.meta.publish
        if page.meta.updated or changed is None or publish is None or publish > self._visible.now:
            return changed
        return max(changed, _day(publish))

    def _expiries(self, urls: Iterable[str]) -> Iterable[date]:
        """Yield the days when pages directly under `urls` expired. The lists of these pages changed on these days."""
        now, library = self._visible.now, self._visible.library
        for url in urls:
            for page in library.children.get(url, ()):
                if page.meta.expires and page.meta.has_expired(now):
                    yield _day(page.meta.expires)


def _day(time: datetime) -> date:
    return time.astimezone(UTC).date()
