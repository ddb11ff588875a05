"""The view that shows previews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIRequest
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from .. import clock
from ..content.dates import format_time
from ..http.first_visit import first_visit
from ..http.notices import READ_METHODS, plain_notice, refuse_method, render_notice
from ..models import PreviewLink
from ..repository import current
from ..repository.visible_pages import VisiblePages
from . import preview_links
from .preview_html import is_within, keep_links_within

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

FILE_TEXT = "The site makes this file when the page goes live."

# A preview has no search, so it doesn't show the site's own 404 and 410 pages, which have a search form.
MISSING = {
    404: ("Page not found", "This preview has no page at this address."),
    410: ("This page is no longer available", "Visitors see that this page is gone for good."),
}

DocumentView = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Preview:
    """The texts with which templates say that a page is a preview."""

    text: str
    form_text: str = "This form can’t be sent from a preview."


@csrf_exempt
def preview(request: HttpRequest, token: str, path: str, document: DocumentView) -> HttpResponseBase:
    """Show the page at `path` as the view `document` renders it. `path` has no leading slash.

    If there is no preview link with this token, return the same response as for any other path without a page.
    """
    try:
        link = preview_links.find(token)
    except DatabaseError:
        return _with_headers(_unavailable())
    if link is None:
        return document(request)
    path, live = f"/{path}", current.visible_pages()
    with clock.fixed_at(link.at or clock.now()):
        visible = _visible_pages(link)
        inner_request = _inner_request(request, link, path, visible)
        if request.method not in READ_METHODS:
            response: HttpResponseBase = refuse_method(inner_request, visible)
        elif visible.page_with_file(path) and not live.has_file(path):
            response = render_notice(inner_request, visible, 404, "This file doesn’t exist yet", FILE_TEXT)
        else:
            response = document(inner_request)
            if notice := MISSING.get(response.status_code):
                response = render_notice(inner_request, visible, response.status_code, *notice)
        return _with_headers(_within_preview(response, preview_links.path_prefix(token), live))


def _visible_pages(link: PreviewLink) -> VisiblePages:
    library = current.get_library()
    url = library.aliases.get(link.address, link.address)  # the page may have moved
    return VisiblePages(library, clock.now(), drafts=False, previewed=url)


def _inner_request(request: HttpRequest, link: PreviewLink, path: str, visible: VisiblePages) -> WSGIRequest:
    """Return a request for the page. Nothing that identifies the visitor reaches the page."""
    inner_request = first_visit(path, request.META.get("QUERY_STRING", ""))
    current.use_visible_pages(inner_request, visible)
    text = f"This preview shows {link.shown}. The link works until {format_time(link.expires_at)}."
    vars(inner_request)["preview"] = Preview(text)
    return inner_request


def _within_preview(response: HttpResponseBase, prefix: str, live: VisiblePages) -> HttpResponseBase:
    location = response.get("Location", "")
    if location and is_within(location, live):
        response["Location"] = prefix + location
    if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
        html = response.content.decode()
        response.content = keep_links_within(html, prefix, live).encode()
    return response


def _unavailable() -> HttpResponse:
    response = plain_notice(503, "One moment", "This preview isn’t available right now. Please try again in a minute.")
    response["Retry-After"] = "60"
    return response


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Keep the response out of caches and search engines, and its URL out of Referer headers. Remove all cookies."""
    del response["ETag"]
    response.cookies.clear()
    for name, value in HEADERS.items():
        response[name] = value
    return response
