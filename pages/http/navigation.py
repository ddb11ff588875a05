"""Header and footer navigation. site.toml lists the pages, and their names come from the documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from ..content.document import Page
from ..repository.visible_pages import VisiblePages
from . import roles


@dataclass(frozen=True)
class NavLink:
    """A link to a page.

    `current` is the value of `aria-current`: `page` for the current page, `true` for one of its ancestors, otherwise
    empty. If the page is a hub, `children` are the pages that it lists.
    """

    name: str
    href: str
    current: str = ""
    children: tuple[NavLink, ...] = ()


@dataclass(frozen=True)
class NavButton:
    """The button in the header.

    `target` is the URL of a page, and `href` is the URL in links to this page. On role pages, `href` is `target` with
    the role in the query. `is_shown` is False on the page at `target`, and on pages with a form, because a form has its
    own button.
    """

    name: str
    target: str
    href: str
    is_shown: bool


@dataclass(frozen=True)
class Navigation:
    """The links in the header and the footer. The footer shows `hubs`, each with its pages, and `others`."""

    button: NavButton | None
    header: tuple[NavLink, ...]
    hubs: tuple[NavLink, ...]
    others: tuple[NavLink, ...]


def navigation(visible: VisiblePages, path: str, current_page: Page | None) -> Navigation:
    """Return the navigation for `current_page` at `path`. Pages in site.toml that aren't visible yet are left out.

    If the current page lists the children of a hub, the footer doesn't show the hub.
    """
    site = visible.library.site
    listed = {listing.url for listing in current_page.listings} if current_page else set()
    footer = [(_is_hub(page, visible), _link(page, path, visible, listed)) for page in _pages(visible, site.footer)]
    return Navigation(
        _button(visible, path, current_page),
        tuple(NavLink(page.name, page.url, _current(page.url, path)) for page in _pages(visible, site.header)),
        tuple(link for _, link in footer if link.children),
        tuple(link for is_hub, link in footer if not is_hub),
    )


def _button(visible: VisiblePages, path: str, page: Page | None) -> NavButton | None:
    button = visible.library.site.header_button
    if button is None or not visible.page(button.target):
        return None
    role = roles.role_at(path, visible)
    href = f"{button.target}?{roles.PARAMETER}={role}" if role else button.target
    is_shown = path != button.target and not (page and page.form)
    return NavButton(button.label, button.target, href, is_shown)


def _pages(visible: VisiblePages, urls: Iterable[str]) -> Iterator[Page]:
    return (page for url in urls if (page := visible.page(url)))


def _is_hub(page: Page, visible: VisiblePages) -> bool:
    return page.url != "/" and bool(visible.first_under(page.url))


def _link(page: Page, path: str, visible: VisiblePages, listed: Set[str]) -> NavLink:
    pages = visible.first_under(page.url) if page.url != "/" and page.url not in listed else ()
    children = tuple(NavLink(child.short_name(page), child.url, _current(child.url, path)) for child in pages)
    return NavLink(page.name, page.url, _current(page.url, path), children)


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url.rstrip("/") + "/") else ""
