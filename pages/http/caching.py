"""Cache headers: which responses browsers, CDNs and the publisher may store, and for how long."""

from __future__ import annotations

from hashlib import sha256
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from ..content.library import Library

# Browsers revalidate each time, which costs one round trip. A CDN serves a response for one minute. During the
# next ten minutes, it still serves the old response at once, and fetches a new one in the background. If the site is
# unreachable, it serves the old response for a week (RFC 9111, RFC 5861).
PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=604800"

# The Cache-Control header for URLs that contain a hash of the content.
IMMUTABLE = "public, max-age=31536000, immutable"


def cache_page(request: HttpRequest, response: HttpResponse, library: Library) -> HttpResponse:
    """Let caches store a page that is the same for all visitors.

    While the library is incomplete, no page may be stored, because links to pages that haven't been read are missing.
    """
    if not library.is_complete:
        response["Cache-Control"] = "no-store"
        return response
    return cache_publicly(request, response)


def cache_publicly(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let caches store `response`, which must be the same for all visitors. Return 304 if the client has it already.

    In development, caches may store nothing, because drafts are visible.
    """
    if settings.DEBUG:
        return response
    response["Cache-Control"] = PUBLIC
    response["Vary"] = "Accept-Encoding"
    response["ETag"] = f'"{digest(response.content)}"'
    return cast(HttpResponse, get_conditional_response(request, etag=response["ETag"], response=response))


def digest(body: bytes) -> str:
    """Return a hash of a response body, for its ETag and its name in the artifact store."""
    return sha256(body).hexdigest()[:32]
