"""The versions of a page in other languages, for search engines (`hreflang`)."""

from __future__ import annotations

from dataclasses import dataclass

from ..content.document import Page
from ..content.translations import language_of
from ..repository.visible_pages import VisiblePages
from .canonical_url import canonical_url

# The hreflang value of the page for visitors whose language the site doesn't have
# (https://developers.google.com/search/docs/specialty/international/localized-versions).
FALLBACK = "x-default"


@dataclass(frozen=True)
class Alternate:
    """The page in one language. `language` is a code such as `hi`, or FALLBACK. `url` is absolute."""

    language: str
    url: str


def alternates(page: Page, visible: VisiblePages, site_url: str) -> tuple[Alternate, ...]:
    """Return all versions of `page` that search engines may list, including `page` itself.

    The first version is repeated at the end, with FALLBACK as its language. If there is only one version, or search
    engines may not list `page`, return ().
    """
    listed = [each for each in visible.versions_of(page.url) if _is_listed(each, visible, site_url)]
    if len(listed) < 2 or page.url not in (each.url for each in listed):
        return ()
    site = visible.library.site
    versions = [Alternate(language_of(each, site).code, site_url + each.url) for each in listed]
    return (*versions, Alternate(FALLBACK, versions[0].url))


def _is_listed(page: Page, visible: VisiblePages, site_url: str) -> bool:
    is_canonical = canonical_url(page, visible, site_url) == site_url + page.url
    return is_canonical and not page.meta.keeps_out_search_engines
