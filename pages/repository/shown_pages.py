"""The other pages that a page shows: a hub shows the pages in its lists, and a sample report shows its role's page."""

from __future__ import annotations

from collections.abc import Iterator

from ..content.document import Page
from .visible_pages import VisiblePages


def shown_pages(page: Page, visible: VisiblePages) -> Iterator[Page]:
    """Yield the visible pages in the lists on `page`.

    If `page` has a sample report, also yield the page of the report's role. Leave out pages to which `page` only links.
    """
    for url in page.listed_urls:
        yield from visible.others_under(url)
        yield from visible.article_list(url).pages
    if page.reported_role and (role := visible.page(page.reported_role)):
        yield role
