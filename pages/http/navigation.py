"""Header and footer navigation. site.toml lists the pages, and their names come from the documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from ..content.document import Page
from ..content.languages import Language
from ..content.site_words import Words
from ..repository.visible_pages import VisiblePages
from ..seo.breadcrumbs import home_url
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
    """The links in the header and the footer. The footer shows `hubs`, each with its pages, and `others`.

    `home` is the URL of the home page.
    """

    button: NavButton | None
    header: tuple[NavLink, ...]
    hubs: tuple[NavLink, ...]
    others: tuple[NavLink, ...]
    home: str = "/"


@dataclass(frozen=True)
class VersionLink:
    """A link to a version of the current page in another language."""

    href: str
    language: Language


def other_versions(visible: VisiblePages, page: Page | None) -> tuple[VersionLink, ...]:
    """Return links to the versions of `page` in other languages."""
    others = (each for each in visible.versions_of(page.url) if each.url != page.url) if page else ()
    return tuple(VersionLink(each.url, visible.language_of(each)) for each in others)


def navigation(visible: VisiblePages, path: str, current_page: Page | None) -> Navigation:
    """Return the navigation for `current_page` at `path`. Pages in site.toml that aren't visible yet are left out.

    If the current page lists the children of a hub, the footer doesn't show the hub. Links lead to pages in the
    language of the current page, if these pages exist.
    """
    site = visible.library.site
    words = visible.words_for(current_page)
    listed = {listing.url for listing in current_page.listings} if current_page else set()
    footer_pages = _pages(visible, site.footer, words)
    footer = [(_is_hub(page, visible), _link(page, path, visible, listed, words)) for page in footer_pages]
    header = _pages(visible, site.header, words)
    return Navigation(
        _button(visible, path, current_page, words),
        tuple(NavLink(words(page.name), page.url, _current(page.url, path)) for page in header),
        tuple(link for _, link in footer if link.children),
        tuple(link for is_hub, link in footer if not is_hub),
        home_url(visible, words.language),
    )


def _button(visible: VisiblePages, path: str, page: Page | None, words: Words) -> NavButton | None:
    button = visible.library.site.header_button
    target_page = visible.page(button.target) if button else None
    if button is None or target_page is None:
        return None
    target = visible.in_language(target_page, words.language).url
    role = roles.role_at(path, visible)
    href = f"{target}?{roles.PARAMETER}={role}" if role else target
    is_shown = path != target and not (page and page.form)
    return NavButton(words(button.label), target, href, is_shown)


def _pages(visible: VisiblePages, urls: Iterable[str], words: Words) -> Iterator[Page]:
    return (visible.in_language(page, words.language) for url in urls if (page := visible.page(url)))


def _is_hub(page: Page, visible: VisiblePages) -> bool:
    return page.url != "/" and bool(visible.first_under(page.url))


def _link(page: Page, path: str, visible: VisiblePages, listed: Set[str], words: Words) -> NavLink:
    pages = visible.first_under(page.url) if page.url != "/" and page.url not in listed else ()
    children = tuple(NavLink(child.short_name(page), child.url, _current(child.url, path)) for child in pages)
    return NavLink(words(page.name), page.url, _current(page.url, path), children)


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url.rstrip("/") + "/") else ""
