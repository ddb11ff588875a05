"""The page of every address."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from heapq import nlargest
from mimetypes import guess_type
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string

from . import site
from .breadcrumbs import breadcrumbs
from .content import library
from .content.document import Page
from .content.targets import address
from .development.problems import placed
from .head import Head, head_of

NEAREST = 3


def document(request: HttpRequest) -> HttpResponse:
    """The document that has this address, or the file that stands beside the documents; a redirect to the one spelling
    of an address; or the pages nearest to it."""
    pages = site.pages()
    page = pages.get(request.path_info)
    if page is None and (target := _one_address(request.path_info, pages)):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
    file = library.file_at(settings.CONTENT_DIR, request.path_info) if page is None else None
    if page is None and file is None and request.path_info != "/":
        return not_found(request)
    if request.method not in ("GET", "HEAD"):
        return _not_allowed(request)
    if file:
        return HttpResponse(file.read_bytes(), content_type=guess_type(file)[0] or "application/octet-stream")
    return _page(request, page, pages) if page else _all_pages(request, pages)


def _one_address(path: str, pages: Mapping[str, Page]) -> str:
    """Where `path` is another spelling of a page's address, or an old one: that page's. It never leaves the site, since
    it is a key of the library."""
    url = address(path)
    url = site.current().aliases.get(url, url)
    return url if url in pages and url != path else ""


def _page(request: HttpRequest, page: Page, pages: Mapping[str, Page]) -> HttpResponse:
    current = site.current()
    crumbs = breadcrumbs(page, pages)
    head = head_of(page, crumbs, current.site.name, settings.SITE_URL)
    context = {"page": page, "breadcrumbs": crumbs, "head": head, "site": current.site}
    return _answer(request, "pages/page.html", context)


def _all_pages(request: HttpRequest, pages: Mapping[str, Page]) -> HttpResponse:
    """The home page until it has a document of its own."""
    current = site.current()
    head = Head(current.site.name, settings.SITE_URL + "/")
    listed = [pages[url] for url in sorted(pages)]
    return _answer(request, "pages/all.html", {"pages": listed, "head": head, "site": current.site})


def _notice(request: HttpRequest, status: int, title: str, text: str, **context: Any) -> HttpResponse:
    current = site.current()
    head = Head(f"{title} | {current.site.name}")
    context |= {"title": title, "text": text, "head": head, "site": current.site}
    return _answer(request, "pages/notice.html", context, status)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """In development, what is wrong with documents stands in the page."""
    if settings.DEBUG:
        context |= {"plain": template, "placed": placed(context.get("page"), site.current())}
        template = "development/page.html"
    return render(request, template, context, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    nearest = _nearest(request.path_info, site.pages())
    text = "There is no page at this address. One of these may be what you were looking for."
    return _notice(request, 404, "Page not found", text if nearest else text.partition(". ")[0] + ".", nearest=nearest)


def _nearest(path: str, pages: Mapping[str, Page]) -> list[Page]:
    wanted = SequenceMatcher(b=address(path)[:200])

    def likeness(page: Page) -> float:
        wanted.set_seq1(page.url)
        return wanted.ratio()

    return nlargest(NEAREST, pages.values(), key=likeness)


def _not_allowed(request: HttpRequest) -> HttpResponse:
    notice = _notice(
        request, 405, "Nothing to send here", "This page can be read, and takes nothing that is sent to it."
    )
    return HttpResponseNotAllowed(["GET", "HEAD"], notice.content)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(_bare("Bad request", "The site cannot answer this request."), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Takes nothing from the library, which may be what broke."""
    text = "Something broke on our side, and it is in our log. Please try again in a minute."
    return HttpResponse(_bare("Something went wrong", text), status=500)


def _bare(title: str, text: str) -> str:
    return render_to_string("pages/notice.html", {"title": title, "text": text, "head": Head(title)})
