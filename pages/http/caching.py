"""What lets others keep an answer: browsers, a CDN, and the table of what is published."""

from __future__ import annotations

from hashlib import sha256
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

# Browsers ask each time, and are told in one round trip that nothing changed. A CDN keeps an answer for a minute, gives
# it for ten more while it fetches another, and for a week while the site cannot be reached (RFC 9111, RFC 5861).
PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=604800"


def cache_publicly(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response` as one that is the same for everybody, so that whoever gets it may keep it; 304 where the one who asks
    has it. In development nothing is kept, since drafts are shown."""
    if settings.DEBUG:
        return response
    response["Cache-Control"] = PUBLIC
    response["Vary"] = "Accept-Encoding"
    response["ETag"] = f'"{digest(response.content)}"'
    return cast(HttpResponse, get_conditional_response(request, etag=response["ETag"], response=response))


def digest(body: bytes) -> str:
    """What names a body: in ETags, and among the files made ahead of visitors."""
    return sha256(body).hexdigest()[:32]
