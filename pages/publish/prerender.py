"""Prerendering: the paths to publish, and Django's response for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.handlers.base import BaseHandler
from django.urls import reverse

from ..content import hub_paths
from ..content.markdown_paths import markdown_path
from ..http import crawler_files, web_manifest
from ..http.caching import IMMUTABLE, PUBLIC
from ..http.first_visit import first_visit
from ..http.roles import PARAMETER
from ..http.security_txt import security_txt
from ..repository import current
from ..repository.visible_pages import VisiblePages
from .manifest_entry import Headers

ROOT_VIEWS = (
    *(web_manifest.favicon, web_manifest.manifest),
    *(crawler_files.robots, crawler_files.sitemap, crawler_files.facts_json, crawler_files.llms),
)

# These headers differ between the content codings of a body, so `layersrank_site.serving.front` adds them.
_BODY_HEADERS = ("content-length", "etag", "last-modified")


@dataclass(frozen=True)
class PrerenderedResponse:
    """A response to store.

    The response is valid from `changed_at` until `changes_at`, in seconds since 1970. None means that no such time is
    known.
    """

    body: bytes
    headers: Headers
    changed_at: float | None
    changes_at: float | None


def public_paths(visible: VisiblePages) -> Iterator[str]:
    """Yield the paths to publish.

    These are the visible pages, page 2 and later of article lists, the Markdown version of each of these pages, hubs'
    feeds, the files at the site's root, and static files with hashed names.
    """
    yield "/"
    for page in visible.pages():
        yield page.url
        yield markdown_path(page.url)  # right after the page, while the document is still in memory
    for path in visible.hub_paths():
        yield path
        if (hub_path := hub_paths.parse(path)) and hub_path.number:
            yield markdown_path(path)
    yield from map(reverse, ROOT_VIEWS)
    if visible.library.site.security:
        yield reverse(security_txt)
    if isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        yield from map(staticfiles_storage.url, staticfiles_storage.hashed_files)


def query_parameters(visible: VisiblePages, path: str) -> tuple[str, ...]:
    """Return the names of the query parameters that can change the response at `path`."""
    page, redirected = visible.page(path), visible.library.redirects.parameters(path)
    if page and page.calculator:
        return (*redirected, *(quantity.name for quantity in page.calculator.quantities))
    return (*redirected, PARAMETER) if page and page.question_banks else redirected


class Prerenderer:
    """Runs Django's request handling with all middleware, without a server."""

    def __init__(self) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def render(self, path: str) -> PrerenderedResponse | None:
        """Return the response at `path`. Return None for an error, or if visitors get different responses."""
        request = first_visit(path)
        response = self._handler.get_response(request)
        try:
            if response.status_code != 200 or "public" not in response.get("Cache-Control", "") or response.cookies:
                return None
            body = b"".join(response)
        finally:
            response.close()
        visible = current.visible_pages_of(request)
        if visible.changes_at and response["Cache-Control"] != IMMUTABLE:
            response["Cache-Control"] = PUBLIC  # `layersrank_site.serving.front` shortens the lifetime
        headers = ((name.lower(), value) for name, value in response.items())
        return PrerenderedResponse(
            body,
            tuple((name, value) for name, value in headers if name not in _BODY_HEADERS),
            max((time.timestamp() for time in visible.changes if time <= visible.now), default=None),
            visible.changes_at.timestamp() if visible.changes_at else None,
        )
