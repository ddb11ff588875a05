"""Breadcrumbs: the path from the home page to a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..content.document import Page


@dataclass(frozen=True)
class Crumb:
    """One breadcrumb. `href` is empty for the current page, and for a URL segment without a page."""

    name: str
    href: str


def breadcrumbs(page: Page, find: Callable[[str], Page | None]) -> tuple[Crumb, ...]:
    """Return the breadcrumbs of `page`: Home, the ancestors by URL, and `page` itself.

    The home page has no breadcrumbs. `find` returns the page at a URL.
    """
    if page.url == "/":
        return ()
    crumbs = [Crumb("Home", "/")]
    parts = page.url.strip("/").split("/")
    parent: Page | None = None
    for count in range(1, len(parts)):
        url = "/" + "/".join(parts[:count])
        parent = find(url)
        crumbs.append(
            Crumb(nav_name(parent), url) if parent else Crumb(parts[count - 1].replace("-", " ").capitalize(), "")
        )
    return (*crumbs, Crumb(nav_name(page, parent), ""))


def nav_name(page: Page, hub: Page | None = None) -> str:
    """Return the name of `page` in the header, the footer and the breadcrumbs. `hub` is the page above it, if any."""
    return page.meta.nav_title or (page.short_name(hub) if hub else page.name)


def without_ancestors(name: str) -> tuple[Crumb, ...]:
    """Return the breadcrumbs of a page without a document, such as the search page: Home, and the page itself."""
    return (Crumb("Home", "/"), Crumb(name, ""))
