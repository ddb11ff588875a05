"""The page of every address."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from ..calculator.forms import calculate
from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..content.url_paths import normalize_path
from ..development.page_problems import place_problems
from ..repository import current
from ..repository.visible_pages import VisiblePages
from ..search import service
from ..seo.breadcrumbs import breadcrumbs
from ..seo.head_tags import Head, Tag, build_head
from . import crawler_files, downloads
from .caching import cache_publicly
from .decorators import read_only
from .navigation import navigation

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]{1,6}")

NEAREST = 3

# With how many pages an unknown address is compared letter by letter, and how many of its letters: that is slow.
COMPARED = 50
COMPARED_LETTERS = 60


def document(request: HttpRequest) -> HttpResponse:
    return serve(request, current.visible_pages())


def serve(request: HttpRequest, found: VisiblePages) -> HttpResponse:
    """The document that has this address, or the file that stands beside the documents; a redirect to the one spelling
    of an address; or the pages nearest to it."""
    path = request.path_info
    page = found.page(path)
    try:
        page = page.full if page else None
    except DocumentRemoved:
        return _not_found(request, found)
    if page is None and (target := _one_address(path, found)):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
    if page is None and not found.library.is_complete:
        return _not_yet()
    file = downloads.file_response(path, found) if page is None else None
    if page is None and file is None and path != "/":
        return _not_found(request, found)
    if request.method not in ("GET", "HEAD"):
        text = "This page can be read, and takes nothing that is sent to it."
        refusal = notice(request, found, 405, "Nothing to send here", text)
        allowed = ["GET", "HEAD", "POST"] if page and page.form else ["GET", "HEAD"]
        return HttpResponseNotAllowed(allowed, refusal.content)
    if file:
        return file
    try:
        return _page(request, found, page) if page else _all_pages(request, found)
    except DocumentRemoved:  # a page that it shows something of
        return _not_found(request, found)


def _one_address(path: str, found: VisiblePages) -> str:
    """Where `path` is another spelling of a page's address, or an old one: that page's. It never leaves the site, since
    it is a key of the library."""
    url = normalize_path(path)
    url = found.library.aliases.get(url, url)
    return url if found.page(url) and url != path else ""


def _page(request: HttpRequest, found: VisiblePages, page: Page) -> HttpResponse:
    if not page.calculator:
        return _published(request, show(request, found, page))
    calculation = calculate(page.calculator, request.GET)
    prefix = "Error: " if calculation.form.errors else ""
    return _published(request, show(request, found, page, prefix, calculation=calculation))


def show(
    request: HttpRequest, found: VisiblePages, page: Page, prefix: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """`page` as visitors get it, with `prefix` before its title; `context` is what its sections need to know of the
    request."""
    crumbs = breadcrumbs(page, found.page)
    head = build_head(page, crumbs, found.library.site, settings.SITE_URL)
    context |= {"page": page, "breadcrumbs": crumbs, "head": replace(head, title=prefix + head.title)}
    return _answer(request, found, "pages/page.html", context, status)


def _all_pages(request: HttpRequest, found: VisiblePages) -> HttpResponse:
    """The home page until it has a document of its own."""
    head = Head(found.library.site.name, settings.SITE_URL + "/")
    listed = sorted(found.pages(), key=lambda page: page.url)
    return _published(request, _answer(request, found, "pages/all.html", {"pages": listed, "head": head}))


def _published(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page as everybody gets it. It says where browsers find which pages are likely to be next."""
    if not current.get_library().is_complete:  # what it leads to may not be known yet
        response["Cache-Control"] = "no-store"
        return response
    response["Speculation-Rules"] = f'"{reverse(crawler_files.speculation_rules)}"'
    return cache_publicly(request, response)


@read_only
def search(request: HttpRequest) -> HttpResponse:
    """The pages that answer the query `q`; none of it is for search engines, which have the pages themselves."""
    found = current.visible_pages()
    number = request.GET.get("page", "")
    results = service.search(found, request.GET.get("q", ""), int(number) if _NUMBER.fullmatch(number) else 1)
    if results is None:
        return _not_yet()
    title = f"Search: {results.query}" if results.query else "Search"
    head = Head(f"{title} | {found.library.site.name}", tags=(Tag("name", "robots", "noindex"),))
    context = {"results": results, "hubs": found.hubs(), "searching": True, "head": head}
    return _answer(request, found, "pages/search.html", context)


def notice(
    request: HttpRequest, found: VisiblePages, status: int, title: str, text: str, **context: Any
) -> HttpResponse:
    context |= {"title": title, "text": text, "head": Head(f"{title} | {found.library.site.name}")}
    return _answer(request, found, "pages/notice.html", context, status)


def _answer(
    request: HttpRequest, found: VisiblePages, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """In development, what is wrong with documents stands in the page."""
    context |= {"found": found, "site": found.library.site, "navigation": navigation(found, request.path_info)}
    if settings.DEBUG:
        context |= {"plain": template, "placed": place_problems(context.get("page"), found.library)}
        template = "development/page.html"
    return render(request, template, context, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _not_found(request, current.visible_pages())


def _not_yet() -> HttpResponse:
    """Whether there is such a page is not known before all documents are read."""
    text = "The site has just started, and is still reading its pages. Please try again in a moment."
    headers = {"Retry-After": "2", "Cache-Control": "no-store"}
    return HttpResponse(_bare("One moment", text), status=503, headers=headers)


def _not_found(request: HttpRequest, found: VisiblePages) -> HttpResponse:
    nearest = _nearest(request.path_info, found.pages())
    text = "There is no page at this address."
    if nearest:
        text += " One of these may be what you were looking for."
    return notice(request, found, 404, "Page not found", text, nearest=nearest)


@lru_cache(100_000)
def _words(path: str) -> frozenset[str]:
    return frozenset(_WORD.findall(path))


def _nearest(path: str, pages: list[Page]) -> list[Page]:
    """The pages whose addresses are most like `path`: of those that share most of its words, by their letters."""
    wanted = normalize_path(path)[-COMPARED_LETTERS:]
    words = _words(wanted)
    sharing = nlargest(COMPARED, pages, key=lambda page: len(words & _words(page.url)))
    letters = SequenceMatcher(b=wanted)

    def likeness(page: Page) -> float:
        letters.set_seq1(page.url[-COMPARED_LETTERS:])
        return letters.ratio()

    return nlargest(NEAREST, sharing, key=likeness)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(_bare("Bad request", "The site cannot answer this request."), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Takes nothing from the library, which may be what broke."""
    text = "Something broke on our side, and it is in our log. Please try again in a minute."
    if identity := request.headers.get("X-Request-ID"):
        text += f" If you write to us about it, name this number: {identity}."
    return HttpResponse(_bare("Something went wrong", text), status=500)


def _bare(title: str, text: str) -> str:
    return render_to_string("pages/notice.html", {"title": title, "text": text, "head": Head(title)})
