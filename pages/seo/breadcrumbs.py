"""Breadcrumbs: the path from the home page to a page."""

from __future__ import annotations

from dataclasses import dataclass

from ..content.document import Page
from ..content.languages import Language
from ..content.site_words import Words
from ..repository.visible_pages import VisiblePages


@dataclass(frozen=True)
class Crumb:
    """One breadcrumb. `href` is empty for the current page, and for a URL segment without a page."""

    name: str
    href: str


def breadcrumbs(page: Page, visible: VisiblePages) -> tuple[Crumb, ...]:
    """Return the breadcrumbs of `page`: Home, the ancestors by URL, and `page` itself.

    The home page has no breadcrumbs. If `page` is in another language, Home is the home page in that language. If
    the URL's first part only names the language, as in /hi/pricing, this part has no breadcrumb.
    """
    language = visible.language_of(page)
    home = home_url(visible, language)
    if page.url in ("/", home):
        return ()
    crumbs = [Crumb(visible.words_for(page)("Home"), home)]
    parts = page.url.strip("/").split("/")
    parent: Page | None = None
    for count in range(1, len(parts)):
        url = "/" + "/".join(parts[:count])
        parent = visible.page(url)
        if url == home or (not parent and count == 1 and parts[0] in map(str.lower, language.fallbacks)):
            continue
        name = nav_name(parent) if parent else parts[count - 1].replace("-", " ").capitalize()
        crumbs.append(Crumb(name, url if parent else ""))
    return (*crumbs, Crumb(nav_name(page, parent), ""))


def nav_name(page: Page, hub: Page | None = None) -> str:
    """Return the name of `page` in the header, the footer and the breadcrumbs. `hub` is the page above it, if any."""
    return page.meta.nav_title or (page.short_name(hub) if hub else page.name)


def without_ancestors(name: str, words: Words) -> tuple[Crumb, ...]:
    """Return the breadcrumbs of a page without a document, such as the search page: Home, and the page itself."""
    return (Crumb(words("Home"), "/"), Crumb(name, ""))


def home_url(visible: VisiblePages, language: Language) -> str:
    """Return the URL of the home page in `language`, or / if there is none."""
    # Don't look up the home page for pages in the site's language. Otherwise, they would all depend on the home page,
    # and each edit of the home page would change them.
    home = None if language.code == visible.library.site.language else visible.page("/")
    return visible.in_language(home, language).url if home else "/"
