"""The URLs under a hub that have no document: its feed, and page 2 and later of its article list."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..content import hub_paths
from ..content.document import Page
from ..content.sections.hub import Hub
from ..content.url_paths import normalize_path
from ..media.social_cards import card_of
from ..repository.visible_pages import VisiblePages
from ..seo.breadcrumbs import Crumb, breadcrumbs
from ..seo.head_links import list_links
from ..seo.head_tags import build_head
from .caching import cache_page
from .feed import feed_response
from .markdown_version import announce, path_for
from .notices import render


def canonical_path(path: str, visible: VisiblePages) -> str:
    """Return the canonical path of the list page or feed at `path`, or "" if there is none.

    `path` may be another spelling of the canonical path, or may begin with an old URL of the hub. Page 1 of the list is
    the hub itself.
    """
    hub_path = hub_paths.parse(normalize_path(path))
    if hub_path is None:
        return ""
    hub = visible.library.aliases.get(hub_path.hub, hub_path.hub)
    if hub_path.number == 1:
        page = visible.page(hub)
        return hub if page and page.lists_itself else ""
    target = hub_paths.list_path(hub, hub_path.number) if hub_path.number else hub_paths.feed_path(hub)
    return target if visible.has_hub_path(target) else ""


def hub_response(request: HttpRequest, visible: VisiblePages) -> HttpResponse | None:
    """Return the list page or feed at the requested path, or None if there is none. Raises DocumentRemoved."""
    hub_path = hub_paths.parse(request.path_info)
    hub = visible.page(hub_path.hub) if hub_path and visible.has_hub_path(request.path_info) else None
    if hub_path is None or hub is None:
        return None
    if not hub_path.number:
        return feed_response(request, visible, hub)
    return cache_page(request, _list_page(request, visible, hub.full, hub_path.number), visible)


def _list_page(request: HttpRequest, visible: VisiblePages, hub: Page, number: int) -> HttpResponse:
    """Render page 2 or later of the hub's list. It shows only the list, because the hub's text is on page 1."""
    page = _without_text(hub, number, visible.library.site.name)
    crumbs = (*_crumbs_to(hub, visible), Crumb(f"Page {number}", ""))
    head = build_head(page, crumbs, visible, settings.SITE_URL)
    path = path_for(request, visible, page)
    links = tuple(list_links(hub, number, visible, settings.SITE_URL))
    head = replace(head, links=links, markdown=path and settings.SITE_URL + path)
    context = {"page": page, "breadcrumbs": crumbs, "head": head, "list_number": number}
    response = render(request, visible, "pages/page.html", context)
    announce(response, path)
    return response


def _crumbs_to(hub: Page, visible: VisiblePages) -> tuple[Crumb, ...]:
    crumbs = breadcrumbs(hub, visible)
    return (*crumbs[:-1], replace(crumbs[-1], href=hub.url)) if crumbs else (Crumb("Home", "/"),)


def _without_text(hub: Page, number: int, site_name: str) -> Page:
    """Return a copy of `hub` that shows only page `number` of the hub's list.

    The copy has a URL, a name and a title of its own.
    """
    sections = (section for section in hub.sections if isinstance(section, Hub))
    section, listing = next(
        (section, listing) for section in sections for listing in section.listings if listing.url == hub.url
    )
    meta = replace(
        hub.meta,
        title=f"Page {number}: {hub.meta.title or f'{hub.name} | {site_name}'}",
        description="",  # the hub's description is about page 1
        canonical="",
        image=hub.meta.image or card_of(hub, site_name).url,
        author="",
        date=None,
    )
    return replace(
        hub,
        url=hub_paths.list_path(hub.url, number),
        name=f"{hub.name}, page {number}",
        meta=meta,
        sections=(replace(section, body=(listing,)),),
        files=(),
    )
