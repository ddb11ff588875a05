"""The ways through the site that stand on every page. The documents give the names, site.toml the choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..content.document import Page
from ..repository.visible_pages import VisiblePages


@dataclass(frozen=True)
class NavLink:
    """A link to a page. `current` is what `aria-current` says of it: `page` for the page itself, `true` for one above
    it, else nothing. `under` are the pages that a hub lists."""

    name: str
    href: str
    current: str = ""
    under: tuple[NavLink, ...] = ()


@dataclass(frozen=True)
class Navigation:
    """`hubs` and `others` are the footer's: the pages that have pages under them, and those that have none."""

    header: tuple[NavLink, ...]
    hubs: tuple[NavLink, ...]
    others: tuple[NavLink, ...]


def navigation(found: VisiblePages, path: str) -> Navigation:
    """The navigation of the page at `path`. What site.toml names and is not to be seen yet is left out."""
    site = found.library.site
    footer = [_link(page, path, found) for page in _pages(found, site.footer)]
    return Navigation(
        tuple(NavLink(page.name, page.url, _current(page.url, path)) for page in _pages(found, site.header)),
        tuple(way for way in footer if way.under),
        tuple(way for way in footer if not way.under),
    )


def _pages(found: VisiblePages, urls: Iterable[str]) -> Iterator[Page]:
    return (page for url in urls if (page := found.page(url)))


def _link(page: Page, path: str, found: VisiblePages) -> NavLink:
    below = found.first_under(page.url) if page.url != "/" else ()
    under = tuple(NavLink(each.short_name(page), each.url, _current(each.url, path)) for each in below)
    return NavLink(page.name, page.url, _current(page.url, path), under)


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url.rstrip("/") + "/") else ""
