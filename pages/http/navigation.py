"""Header and footer navigation. site.toml lists the links, and the names of pages come from the documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from urllib.parse import unquote

from ..content.document import Page
from ..content.languages import Language
from ..content.nav_entries import NavEntry
from ..content.site_words import Words
from ..content.url_paths import LINKABLE_PATHS, parent_url
from ..repository.visible_pages import VisiblePages
from ..seo.breadcrumbs import home_url, nav_name
from . import roles

# The title of a group in the footer. The links in `site.footer` that aren't hubs are in this group.
COMPANY = "Company"


@dataclass(frozen=True)
class NavLink:
    """A link to a page, a file or another site.

    `current` is the value of `aria-current`: `page` for the current page, `true` for one of its ancestors, otherwise
    empty. `page` is the target, if it is a page. If the page is a hub, `children` are the pages that it lists.
    """

    name: str
    href: str
    current: str = ""
    is_external: bool = False
    page: Page | None = None
    children: tuple[NavLink, ...] = ()


@dataclass(frozen=True)
class NavGroup:
    """A group of links with a title, in the footer."""

    title: str
    links: tuple[NavLink, ...]


@dataclass(frozen=True)
class NavButton:
    """The button in the header.

    `target` is the URL of a page, or an external URL. `href` is the `href` of the button's link. It equals `target`,
    but on a role's page, a query for the role is added to the URL of a page, as in /start?role=data-engineer.
    `is_shown` is False on the page at `target`.
    """

    name: str
    target: str
    href: str
    is_shown: bool
    is_external: bool = False


@dataclass(frozen=True)
class Navigation:
    """The links in the header and the footer.

    The footer shows `hubs`, each with its pages, then `groups`. `home` is the URL of the home page.
    """

    button: NavButton | None
    header: tuple[NavLink, ...]
    hubs: tuple[NavLink, ...]
    groups: tuple[NavGroup, ...]
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


def navigation(visible: VisiblePages, path: str, current_page: Page | None, words: Words) -> Navigation:
    """Return the navigation for `current_page` at `path`. Pages in site.toml that aren't visible yet are left out.

    The footer shows hubs, each with the pages under it, and then the groups of links in site.toml. The groups don't
    repeat links to hubs, or to the pages under them. If the current page itself lists the pages under a hub, the footer
    leaves out this hub and these pages. Links lead to pages in the language of `words`, if these pages exist.
    """
    site = visible.library.site
    listed = {listing.url for listing in current_page.listings} if current_page else set()
    footer = [(_is_hub(link, visible), link) for link in _links(visible, path, site.footer, words)]
    hubs = tuple(_with_children(link, visible, path) for is_hub, link in footer if is_hub and link.href not in listed)
    shown = {link.href for hub in hubs for link in (hub, *hub.children)}
    groups = {
        words(title): tuple(_unlisted(_links(visible, path, entries, words), shown, listed))
        for title, entries in site.footer_groups.items()
    }
    company, grouped = words(COMPANY), {link.href for links in groups.values() for link in links}
    others = (link for is_hub, link in footer if not is_hub and link.href not in grouped)
    groups[company] = (*groups.get(company, ()), *others)
    return Navigation(
        _button(visible, path, words),
        tuple(_links(visible, path, site.header, words)),
        hubs,
        tuple(NavGroup(title, links) for title, links in groups.items() if links),
        home_url(visible, words.language),
    )


def _button(visible: VisiblePages, path: str, words: Words) -> NavButton | None:
    button = visible.library.site.header_button
    if button is None:
        return None
    label = words(button.label)
    if button.is_external:
        return NavButton(label, button.target, button.target, is_shown=True, is_external=True)
    target_page = visible.page(button.target)
    if target_page is None:
        return None
    target = visible.in_language(target_page, words.language).url
    role = roles.role_at(path, visible)
    href = f"{target}?{roles.PARAMETER}={role}" if role else target
    return NavButton(label, target, href, path != target)


def _links(visible: VisiblePages, path: str, entries: Iterable[NavEntry], words: Words) -> Iterator[NavLink]:
    return filter(None, (_link(visible, path, entry, words) for entry in entries))


def _link(visible: VisiblePages, path: str, entry: NavEntry, words: Words) -> NavLink | None:
    """Return the link of `entry`.

    Return None if visitors can't open the entry's target, or if the target is a file and the entry has no label.
    """
    label = words(entry.label) if entry.label else ""
    if entry.is_external:
        return NavLink(label, entry.target, is_external=True)
    url, *rest = re.split("(?=[?#])", entry.target, maxsplit=1)
    if page := visible.page_at(url):
        page = visible.in_language(page, words.language)
        current = "" if rest else _current(page.url, path)
        return NavLink(label or words(nav_name(page)), "".join((page.url, *rest)), current, page=page)
    if url == "/":  # the home page needs no document
        return NavLink(label or words("Home"), entry.target, "" if rest else _current(url, path))
    file = unquote(url)
    is_file = label and (file in LINKABLE_PATHS or visible.has_file(file))
    return NavLink(label, entry.target) if is_file else None


def _is_hub(link: NavLink, visible: VisiblePages) -> bool:
    return link.page is not None and link.href == link.page.url != "/" and bool(visible.first_under(link.href))


def _with_children(link: NavLink, visible: VisiblePages, path: str) -> NavLink:
    pages = visible.first_under(link.href)
    names = ((nav_name(page, link.page), page.url) for page in pages)
    return replace(link, children=tuple(NavLink(name, url, _current(url, path)) for name, url in names))


def _unlisted(links: Iterable[NavLink], shown: Set[str], listed: Set[str]) -> Iterator[NavLink]:
    """Yield `links`, except links to the URLs in `shown` and links to pages directly under the hubs in `listed`."""
    for link in links:
        if link.href not in shown and (link.page is None or parent_url(link.page.url) not in listed - {"/"}):
            yield link


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(f"{url}/") else ""
