"""Cache headers tell browsers, CDNs and the publisher what they may store, and for how long."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from .. import clock
from ..repository.visible_pages import VisiblePages
from .negotiation import IDENTITY, acceptable_codings, entity_tag, if_match_holds, matching_etag

# Browsers revalidate each time, which costs one round trip. A CDN serves a response for one minute. During the
# next ten minutes, the CDN still serves the old response at once, and fetches a new one in the background. If the
# site is unreachable, the CDN serves the old response for a week (RFC 9111, RFC 5861).
S_MAXAGE, STALE_WHILE_REVALIDATE, STALE_IF_ERROR = 60, 600, 604_800
MAX_SECONDS = S_MAXAGE + STALE_IF_ERROR


def public(seconds: float = MAX_SECONDS) -> str:
    """Return a Cache-Control header for a public response. Caches may serve the response for up to `seconds`."""
    left = max(int(min(seconds, MAX_SECONDS)), 0)
    fresh = min(left, S_MAXAGE)
    stale = left - fresh
    while_revalidate, if_error = min(stale, STALE_WHILE_REVALIDATE), min(stale, STALE_IF_ERROR)
    return f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={while_revalidate}, stale-if-error={if_error}"


PUBLIC = public()

# The Cache-Control header for responses about missing pages. Caches must ask each time, as the page may be added.
REVALIDATED = "no-cache"

# The Cache-Control header for URLs that contain a hash of the content.
IMMUTABLE = "public, max-age=31536000, immutable"

# The headers that a 304 response repeats. They replace the same headers of the cached response (RFC 9111, 3.2). If the
# 304 lacked the page's own Content-Security-Policy, it would get the site's default policy. The browser would then
# block the styles of the cached page.
_HEADERS_OF_304 = ("Cache-Control", "Content-Location", "Vary", "Content-Security-Policy")


def cache_page(request: HttpRequest, response: HttpResponse, visible: VisiblePages) -> HttpResponse:
    """Let caches store a page that is the same for all visitors, and serve it until `visible.changes_at` at the latest.

    While the library is incomplete, caches may store nothing, because links to pages that are not read yet may be
    missing.
    """
    if not visible.library.is_complete:
        response["Cache-Control"] = "no-store"
        return response
    return cache_publicly(request, response, cache_control(visible))


def cache_control(visible: VisiblePages) -> str:
    """Return a Cache-Control header that lets no cache serve the response after `visible.changes_at`."""
    return public((visible.changes_at - clock.now()).total_seconds()) if visible.changes_at else PUBLIC


def cache_publicly(request: HttpRequest, response: HttpResponse, cache_control: str = PUBLIC) -> HttpResponse:
    """Let caches store `response`, which must be the same for all visitors.

    Return 304 or 412 instead if the request's preconditions say so. In development, caches may store nothing, because
    drafts are visible.
    """
    if settings.DEBUG:
        return response
    body_digest = digest(response.content)
    response["Cache-Control"] = cache_control
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = entity_tag(body_digest, IDENTITY)
    return _precondition_response(request, response, body_digest) or response


def _precondition_response(request: HttpRequest, response: HttpResponse, body_digest: str) -> HttpResponse | None:
    """Evaluate If-Match and If-None-Match (RFC 9110, 13.2.2).

    If-Match needs the ETag of the body that would be sent. If a request has If-Match, Django doesn't compress the
    response, because a compressed response has a weak ETag, which never matches (13.1.1).

    The ETag in If-None-Match may come from the ASGI front, which sends more codings than Django. So an ETag matches if
    it belongs to the current body in any coding that the client accepts. Ignore preconditions with dates: pages have
    no Last-Modified (13.1.3 and 13.1.4).
    """
    headers = request.headers
    if_match, if_none_match = headers.get("If-Match"), headers.get("If-None-Match")
    if if_match is not None and not if_match_holds(if_match, response["ETag"]):
        return HttpResponse(status=412)
    if if_none_match is None:
        return None
    for coding in acceptable_codings(headers.get("Accept-Encoding", "")):
        if matching := matching_etag(if_none_match, entity_tag(body_digest, coding)):
            unchanged = {name: response[name] for name in _HEADERS_OF_304 if name in response}
            return HttpResponseNotModified(headers={**unchanged, "ETag": matching})
    return None


def digest(body: bytes) -> str:
    """Return a hash of a response body, for its ETag and its name in the artifact store."""
    return sha256(body).hexdigest()[:32]
