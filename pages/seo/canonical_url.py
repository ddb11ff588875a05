"""The canonical URL of a page: the URL that search engines should list."""

from __future__ import annotations

from ..content.document import Page
from ..content.url_paths import normalize_path
from ..repository.visible_pages import VisiblePages


def canonical_url(page: Page, visible: VisiblePages, site_url: str) -> str:
    """Return the absolute URL in META's `Canonical`. By default, return the absolute URL of `page` itself.

    Ignore a `Canonical` on this site that isn't the URL of a visible page. Otherwise, search engines would drop `page`
    in favor of a URL that doesn't exist. `site_url` is the site's scheme and host, without a trailing slash.
    """
    written = page.meta.canonical
    if not written:
        return site_url + page.url
    if written != site_url and not written.startswith(("/", f"{site_url}/")):
        return written
    path = normalize_path(written.removeprefix(site_url))
    exists = path == "/" or visible.page(path) or not visible.library.is_complete
    return site_url + (path if exists else page.url)


def indexable_pages(visible: VisiblePages, site_url: str) -> list[Page]:
    """Return the visible pages that search engines may index under their own URL, sorted by URL."""
    own = (page for page in visible.searchable_pages() if canonical_url(page, visible, site_url) == site_url + page.url)
    return sorted(own, key=lambda page: page.url)
