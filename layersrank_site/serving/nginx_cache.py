"""Cache headers for the nginx of compose.yaml. This nginx keeps copies of public responses (deploy/nginx.conf)."""

import re
from functools import lru_cache
from time import time

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope

from pages.http.caching import MAX_SECONDS, REVALIDATED, public

from ..middleware import HEADERS

# The maximum number of entries in each `lru_cache` below. The limits in Cache-Control headers are whole seconds, so
# most responses share a few headers.
CACHED_HEADERS = 1_000

# deploy/nginx.conf adds these headers to every response, so the site leaves them out. nginx then sends its copies
# faster.
ADDED_HEADERS = HEADERS | {"Strict-Transport-Security": "max-age=31536000"}
_ADDED_BY_NGINX = frozenset((name.lower().encode(), value.encode()) for name, value in ADDED_HEADERS.items())

# The default Cache-Control for visitors: the value for a page without a planned change. Most pages have this value, so
# the site doesn't send it. If the site sends no X-Visitor-Cache-Control, deploy/nginx.conf adds this default.
ADDED_CACHE_CONTROL = public(MAX_SECONDS - 1).encode()

_SHARED_SECONDS = re.compile(rb"^public,.* s-maxage=(\d+), .*stale-if-error=(\d+)$")

# Files that browsers may keep, such as files with a hash in their names. For STATIC_SECONDS, nginx sends its copy of a
# file without asking the site. This is less than an hour, so the publisher's hourly request renews the copy.
_STATIC = re.compile(rb"^(?=.*\bpublic\b)(?!.*s-maxage).*max-age=[1-9]")
STATIC_SECONDS = 1800

# If a page is gone, nginx has to replace its copy of the page with the new response, a 404 or a 410.
_STATUSES_OF_REMOVED_PAGES = (404, 410)


def instruct_nginx(application: ASGI3Application) -> ASGI3Application:
    """Wrap `application`. Tell nginx how long it may keep each public response.

    A response is fresh until the end of the current second, so nginx shows an edit within a second. After that, nginx
    may send its copy only if no replica answers, and never after the time that the page's own Cache-Control allows.
    nginx sends the page's own Cache-Control to visitors.
    """

    async def instructing(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def send_with_instructions(message: ASGISendEvent) -> None:
            if message["type"] == "http.response.start":
                sent = [(name.lower(), value) for name, value in message["headers"]]
                headers = [header for header in sent if header not in _ADDED_BY_NGINX]
                headers = _with_instructions(message["status"], headers)
                message = {**message, "headers": headers}
            await send(message)

        await application(scope, receive, send_with_instructions if scope["type"] == "http" else send)

    return instructing


def _with_instructions(status: int, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    by_name = dict(headers)
    sent = by_name.get(b"cache-control", b"")
    is_static = bool(_STATIC.match(sent))
    seconds = MAX_SECONDS if is_static else _seconds(sent, status)
    # A copy needs its own Content-Security-Policy, because nginx adds none (deploy/nginx.conf).
    if not seconds or b"set-cookie" in by_name or b"content-security-policy" not in by_name:
        return headers
    expires = int(time()) + (STATIC_SECONDS if is_static else 0)
    others = [(name, value) for name, value in headers if name != b"cache-control"]
    return [*others, *_instructions(sent, seconds), (b"x-accel-expires", b"@%d" % expires)]


@lru_cache(CACHED_HEADERS)
def _seconds(cache_control: bytes, status: int) -> int:
    """Return for how many seconds nginx may send its copy if no replica answers, or 0 if nginx must not keep a copy."""
    if limits := _SHARED_SECONDS.match(cache_control):
        return int(limits[1]) + int(limits[2])
    is_removed_page = status in _STATUSES_OF_REMOVED_PAGES and cache_control == REVALIDATED.encode()
    return MAX_SECONDS if is_removed_page else 0


@lru_cache(CACHED_HEADERS)
def _instructions(cache_control: bytes, seconds: int) -> list[tuple[bytes, bytes]]:
    """Return the Cache-Control headers for nginx and for visitors. Visitors may get a copy that is a second old.

    Headers are short, because nginx parses them whenever it sends its copy.
    """
    for_nginx = b"s-maxage=1,stale-while-revalidate=1,stale-if-error=%d" % seconds
    for_visitors = public(seconds - 1).encode() if _SHARED_SECONDS.match(cache_control) else cache_control
    headers = [(b"cache-control", for_nginx)]
    return headers if for_visitors == ADDED_CACHE_CONTROL else [(b"x-visitor-cache-control", for_visitors), *headers]
