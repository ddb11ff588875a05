"""Which addresses are published, and what Django answers at each: that is what visitors get, made once for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.urls import reverse

from ..http import crawler_files, web_manifest
from ..repository.visible_pages import VisiblePages
from .manifest import Headers

ROOT_VIEWS = (
    *(web_manifest.favicon, web_manifest.manifest),
    *(crawler_files.robots, crawler_files.sitemap, crawler_files.llms, crawler_files.speculation_rules),
)

# What belongs to one body, and not to its other codings.
_OF_THE_BODY = ("content-length", "etag", "last-modified")


@dataclass(frozen=True)
class PrerenderedResponse:
    body: bytes
    headers: Headers


def public_paths(found: VisiblePages) -> Iterator[str]:
    """The pages that may be seen, what else everybody may ask for, and the static files by the names that hold their
    hashes."""
    yield "/"
    yield from (page.url for page in found.pages())
    yield from map(reverse, ROOT_VIEWS)
    if isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        yield from map(staticfiles_storage.url, staticfiles_storage.hashed_files)


def reads_query(found: VisiblePages, path: str) -> bool:
    """Whether what `path` answers with depends on its query."""
    page = found.page(path)
    return page is not None and page.calculator is not None


class Prerenderer:
    """All of Django that a request goes through, middleware too, without a server."""

    def __init__(self) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def answer(self, path: str) -> PrerenderedResponse | None:
        """What everybody gets at `path`; None where Django does not say that it is the same for all."""
        response = self._handler.get_response(_request(path))
        try:
            if response.status_code != 200 or "public" not in response.get("Cache-Control", "") or response.cookies:
                return None
            body = b"".join(response)
        finally:
            response.close()
        headers = ((name.lower(), value) for name, value in response.items())
        return PrerenderedResponse(body, tuple((name, value) for name, value in headers if name not in _OF_THE_BODY))


def _request(path: str) -> WSGIRequest:
    """A visitor's who takes no coding, and has nothing yet."""
    site = urlsplit(settings.SITE_URL)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "HTTP_HOST": settings.ALLOWED_HOSTS[0].removeprefix("."),
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or 80),
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
