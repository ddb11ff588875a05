"""Views for documents, for the files beside them, for search, and for error pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from ..calculator.forms import calculate
from ..content import languages
from ..content.document import Page
from ..content.languages import Language
from ..content.lazy_page import DocumentRemoved
from ..content.markdown_paths import markdown_path, page_path
from ..content.url_paths import normalize_path
from ..repository import current
from ..repository.visible_pages import VisiblePages
from ..search import service
from ..search.query import clean
from ..seo.breadcrumbs import breadcrumbs, without_ancestors
from ..seo.head_tags import Head, Tag, build_head
from . import downloads, missing_counts, roles
from .caching import REVALIDATED, cache_page
from .counted_requests import counted_address
from .decorators import read_only
from .hub_pages import canonical_path, hub_response
from .markdown_version import announce, markdown_response, path_for
from .notices import READ_METHODS, plain_notice, refuse_method, render, render_notice
from .old_addresses import gone_response, query_response, redirect_response, redirect_to
from .search_cache import SearchCache
from .suggestions import nearest_pages

_PAGE_NUMBER = re.compile(r"[0-9]{1,6}")

_search_cache = SearchCache()


def document(request: HttpRequest) -> HttpResponseBase:
    return serve(request, current.visible_pages_of(request))


def serve(request: HttpRequest, visible: VisiblePages) -> HttpResponseBase:
    """Return the page or file at the requested path, a redirect to its canonical path, or a 404 page."""
    if response := query_response(request, visible):
        return response
    path = request.path_info
    page = visible.page(path)
    try:
        page = page.full if page else None
    except DocumentRemoved:
        return _not_found(request, visible)
    if response := markdown_response(request, visible):
        return response
    if page is None and (target := _canonical_path(path, visible)):
        return redirect_to(request, visible, target)
    if page is None and (expired := visible.expired_page(page_path(path) or path)):
        return _expired(request, visible, expired)
    if page is None and not visible.library.is_complete:
        return _starting()
    file = downloads.file_response(request, visible) if page is None else None
    is_hub_path = page is None and visible.has_hub_path(path)
    if page is None and file is None and path != "/" and not is_hub_path:
        return redirect_response(request, visible) or _not_found(request, visible)
    if request.method not in READ_METHODS:
        return refuse_method(request, visible, takes_forms=bool(page and page.form))
    if file:
        return file
    try:
        if is_hub_path and (list_or_feed := hub_response(request, visible)):
            return list_or_feed
        return _page(request, visible, page) if page else _all_pages(request, visible)
    except DocumentRemoved:  # a document whose text is on this page was removed just now
        return _not_found(request, visible)


def _canonical_path(path: str, visible: VisiblePages) -> str:
    """Return a page's canonical URL if `path` is an alias or another spelling of that URL. Otherwise, return "".

    For the path of a Markdown version, return the path of the canonical page's Markdown version. The result is always
    a path on this site.
    """
    url = normalize_path(path)
    url = visible.library.aliases.get(url, url)
    url = url if visible.page(url) else canonical_path(path, visible)
    if not url and (page_url := page_path(path)):
        current_page = visible.page_at(normalize_path(page_url))
        target = current_page.url if current_page else canonical_path(page_url, visible)
        url = markdown_path(target) if target else ""
    return url if url != path else ""


def _page(request: HttpRequest, visible: VisiblePages, page: Page) -> HttpResponse:
    if not page.calculator:
        role = roles.role_page(request.GET.get(roles.PARAMETER, ""), visible) if page.question_banks else None
        return cache_page(request, render_page(request, visible, page, role=role), visible)
    calculation = calculate(page.calculator, request.GET, visible.words_for(page))
    title_prefix = "Error:" if calculation.form.errors else ""
    response = render_page(request, visible, page, title_prefix, calculation=calculation)
    return cache_page(request, response, visible)


def render_page(
    request: HttpRequest, visible: VisiblePages, page: Page, title_prefix: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Render `page`. `context` has data from the request that section templates need, such as a form's values.

    `title_prefix` is English, such as “Error:”. The page's title starts with the translation of this prefix.
    """
    page = visible.with_live_links(page)
    crumbs = breadcrumbs(page, visible)
    head = build_head(page, crumbs, visible, settings.SITE_URL)
    title = f"{visible.words_for(page)(title_prefix)} {head.title}" if title_prefix else head.title
    path = path_for(request, visible, page)
    head = replace(head, title=title, markdown=path and settings.SITE_URL + path)
    context |= {"page": page, "breadcrumbs": crumbs, "head": head}
    response = render(request, visible, "pages/page.html", context, status)
    announce(response, path)
    return response


def _all_pages(request: HttpRequest, visible: VisiblePages) -> HttpResponse:
    """Render a list of all pages, as the home page of a site that has no document for its home page."""
    head = Head(visible.library.site.name, settings.SITE_URL + "/")
    pages = sorted(visible.pages(), key=lambda page: page.url)
    response = render(request, visible, "pages/all.html", {"pages": pages, "head": head})
    return cache_page(request, response, visible)


@read_only
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that match the query `q`. The site's own words are in the language `lang`.

    Search engines must not index the results: they index the pages themselves.
    """
    visible = current.visible_pages_of(request)
    number = request.GET.get("page", "")
    page_number = int(number) if _PAGE_NUMBER.fullmatch(number) else 1
    query = clean(request.GET.get("q", ""))
    code = languages.normalize(request.GET.get("lang", ""))
    language = Language(code) if code in visible.library.site.translations else visible.language_of(None)
    if settings.DEBUG or language != visible.language_of(None):
        response = _search_page(request, visible, query, page_number, language)
        response.setdefault("Cache-Control", REVALIDATED)
        return response
    index = service.version(visible), visible.banner(request.path_info)
    response = _search_cache.get(
        visible.library, index, query, page_number, lambda: _search_page(request, visible, query, page_number, language)
    )
    response.setdefault("Cache-Control", REVALIDATED)
    return response


def _search_page(
    request: HttpRequest, visible: VisiblePages, query: str, number: int, language: Language
) -> HttpResponse:
    results = service.search(visible, query, number)
    if results is None:
        return _starting()
    words = visible.library.site.words_in(language)
    name = words("Search")
    title = f"{name}: {results.query}" if results.query else name
    head = Head(f"{title} | {visible.library.site.name}", tags=(Tag("name", "robots", "noindex"),))
    context = {
        "results": results,
        "hubs": visible.hubs(),
        "is_search_page": True,
        "language": language,
        "head": head,
        "breadcrumbs": without_ancestors(name, words),
    }
    return render(request, visible, "pages/search.html", context)


def _not_found(request: HttpRequest, visible: VisiblePages) -> HttpResponse:
    """Say that there is no page at the requested path, and count the visit for the admin."""
    if address := counted_address(request):
        missing_counts.counts.add(address)
    return _not_found_page(request, visible)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _not_found_page(request, current.visible_pages_of(request))


def _not_found_page(request: HttpRequest, visible: VisiblePages) -> HttpResponse:
    nearest = nearest_pages(request.path_info, visible)
    text = "There is no page at this address. Search the site, or look at the pages below."
    hubs = [] if nearest else visible.hubs()
    response = render_notice(request, visible, 404, "Page not found", text, nearest=nearest, hubs=hubs, has_search=True)
    response["Cache-Control"] = REVALIDATED
    return response


def _expired(request: HttpRequest, visible: VisiblePages, page: Page) -> HttpResponse:
    """Redirect to the page that replaces an expired page, or say that the page is gone for good (410)."""
    if url := visible.successor(page):
        return redirect_to(request, visible, markdown_path(url) if page_path(request.path_info) else url)
    text = "This page was here for a limited time. Search the site, or look at the pages below."
    return gone_response(request, visible, text)


def _starting() -> HttpResponse:
    """Ask the client to retry, because a 404 might be wrong until all documents have been read."""
    text = "The site has just started and is still loading its pages. Please try again in a few seconds."
    response = plain_notice(503, "One moment", text)
    response["Retry-After"] = "2"
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = "The site can’t read what your browser sent. Please check the address and try again."
    return plain_notice(400, "This didn’t work", text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render the 500 page without the library, which may have caused the error."""
    text = "An error occurred on our side, and we have logged it. Please try again in a minute."
    if request_id := request.headers.get("X-Request-ID"):
        text += f" If you contact us about this error, include this number: {request_id}."
    return plain_notice(500, "Something went wrong", text)
