"""llms-full.txt: the Markdown versions of all pages in one file, for assistants (https://llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..repository import current
from ..seo.canonical_url import indexable_pages
from .crawler_files import PLAIN_TEXT
from .decorators import read_only
from .markdown_version import markdown_text
from .views import not_found

PATH = "/llms-full.txt"


def join_versions(versions: Iterable[bytes]) -> bytes:
    """Join Markdown versions to one text of at most LLMS_FULL_BYTES. Leave out the versions that don't fit."""
    more = f"There are more pages: see {settings.SITE_URL}/llms.txt\n".encode()
    parts, left = list[bytes](), settings.LLMS_FULL_BYTES - len(more)
    for version in versions:
        if len(version) + 1 > left:
            return b"\n".join([*parts, more])
        parts.append(version)
        left -= len(version) + 1
    return b"\n".join(parts)


@read_only
def llms_full(request: HttpRequest) -> HttpResponse:
    """Serve llms-full.txt in development. In production, ask the client to retry until the publisher has made it.

    Joining all pages of a large site during a request would take too long.
    """
    if not settings.LLMS_FULL_BYTES:
        return not_found(request)
    if not settings.DEBUG:
        headers = {"Retry-After": "5", "Cache-Control": "no-store"}
        text = "This file is being prepared. Please try again in a few seconds.\n"
        return HttpResponse(text, status=503, content_type=PLAIN_TEXT, headers=headers)
    visible = current.visible_pages_of(request)
    pages = [page for page in indexable_pages(visible, settings.SITE_URL) if page.meta.is_published(visible.now)]
    text = join_versions(markdown_text(visible, page.full).encode() for page in pages).decode()
    return HttpResponse(text, content_type=PLAIN_TEXT)
