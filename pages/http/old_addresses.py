"""Responses for old addresses: redirects, and the page for removed pages (410)."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from ..content.markdown_paths import markdown_path, page_path
from ..content.redirects import GONE, without_parts
from ..content.url_paths import LINKABLE_PATHS, normalize_path
from ..repository.visible_pages import VisiblePages
from .caching import REVALIDATED, cache_control
from .notices import READ_METHODS, render_notice
from .suggestions import nearest_pages

_REMOVED = "We have removed this page for good. Search the site, or look at the pages below."


def redirect_response(request: HttpRequest, visible: VisiblePages) -> HttpResponse | None:
    """Return the response for an old address in `redirects.toml`, or None for any other address."""
    target = _target(request.path_info, visible)
    if not target:
        return None
    return gone_response(request, visible) if target == GONE else redirect_to(request, visible, target)


def query_response(request: HttpRequest, visible: VisiblePages) -> HttpResponse | None:
    """Return the response for an old address with a query, such as `/?p=123`. Return None for any other address.

    Call this before looking for a page, because the home page would answer `/?p=123`, too.
    """
    query = request.META.get("QUERY_STRING", "")
    line = visible.library.redirects.find_by_query(request.path_info, query)
    target = _target(request.path_info, visible, query) if line and request.method in READ_METHODS else ""
    if line is None or not target:
        return None
    return gone_response(request, visible) if target == GONE else redirect_to(request, visible, target, line.query)


def has_answer(path: str, visible: VisiblePages) -> bool:
    """Return whether visitors get a page, a file, a redirect or “gone” (410) at `path`."""
    if (url := page_path(path)) and has_answer(url, visible):
        return True
    is_page = visible.page_at(normalize_path(path)) or visible.expired_page(path) or visible.has_hub_path(path)
    return bool(is_page or visible.has_file(path) or _target(path, visible))


def _target(path: str, visible: VisiblePages, query: str = "") -> str:
    """Return the target of an address in `redirects.toml`. The target may be GONE. It is "" if no line matches.

    The old path of a Markdown version leads to the page's current Markdown version.
    """

    def is_live(path: str) -> bool:
        is_page = path == "/" or path in LINKABLE_PATHS or visible.page(path) is not None
        return is_page or visible.has_hub_path(path) or visible.has_file(path)

    library = visible.library
    target = library.redirects.follow(path, library.aliases, is_live, query)
    if not target and (url := page_path(path)):
        target = library.redirects.follow(url, library.aliases, is_live, query)
        page = visible.page(re.split("[?#]", target, maxsplit=1)[0])
        return markdown_path(page.url) if page else target
    return target


def redirect_to(
    request: HttpRequest, visible: VisiblePages, target: str, dropped: frozenset[str] = frozenset()
) -> HttpResponse:
    """Redirect permanently to `target`, and keep the query of the request.

    `dropped` are the parts of the query to leave out, such as `p=123`.

    Without Cache-Control, browsers would keep the redirect even after it has changed.
    """
    target, hash_sign, anchor = target.partition("#")
    if query := without_parts(request.META.get("QUERY_STRING", ""), dropped):
        target += f"{'&' if '?' in target else '?'}{query}"
    response = HttpResponsePermanentRedirect(f"{target}{hash_sign}{anchor}")
    response["Cache-Control"] = REVALIDATED if settings.DEBUG else cache_control(visible)
    return response


def gone_response(request: HttpRequest, visible: VisiblePages, text: str = _REMOVED) -> HttpResponse:
    """Say that the page at the requested address is gone for good (410), and offer similar pages."""
    nearest = nearest_pages(request.path_info, visible)
    hubs = [] if nearest else visible.hubs()
    title = "This page is no longer available"
    response = render_notice(request, visible, 410, title, text, nearest=nearest, hubs=hubs, has_search=True)
    response["Cache-Control"] = REVALIDATED
    return response
