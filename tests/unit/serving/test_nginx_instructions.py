"""The headers that tell nginx which responses to keep, and for how long."""

import asyncio
import re
from time import time

import pytest

from layersrank_site.serving.nginx_cache import ADDED_CACHE_CONTROL, ADDED_HEADERS, instruct_nginx
from pages.http.caching import IMMUTABLE, PUBLIC, REVALIDATED, public

from ...conftest import ROOT

# nginx keeps only responses that have this header.
KEPT = {"content_security_policy": "default-src 'none'"}


def kept_headers_for(status=200, **headers):
    return headers_for(status, **KEPT, **headers)


def headers_for(status=200, **headers):
    """Return the headers that nginx gets for a response with this status and these headers."""

    async def application(scope, receive, send):
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": b""})

    messages = []

    async def send(message):
        messages.append(message)

    asyncio.run(instruct_nginx(application)({"type": "http"}, None, send))
    assert [message["type"] for message in messages] == ["http.response.start", "http.response.body"]
    names = [name for name, _ in messages[0]["headers"]]
    assert len(names) == len(set(names))
    return {name.decode(): value.decode() for name, value in messages[0]["headers"]}


def test_a_page_is_fresh_until_the_end_of_the_second_and_kept_for_a_week():
    before = int(time())
    headers = kept_headers_for(cache_control=PUBLIC)
    assert before <= int(headers["x-accel-expires"].removeprefix("@")) <= time()
    assert headers["cache-control"] == "s-maxage=1,stale-while-revalidate=1,stale-if-error=604860"
    # nginx 1.22 ignores Cache-Control after X-Accel-Expires.
    assert list(headers).index("cache-control") < list(headers).index("x-accel-expires")


@pytest.mark.parametrize("left", [1, 2, 59, 60, 61, 660, 661, 604_859])
def test_no_copy_is_kept_after_the_next_change_of_the_page(left):
    headers = kept_headers_for(cache_control=public(left))
    assert headers["cache-control"].endswith(f"stale-if-error={left}")
    # nginx's copy may be a second old when a visitor gets it. So a visitor may keep it for a second less than nginx.
    assert headers["x-visitor-cache-control"] == public(left - 1)


def test_nginx_adds_the_cache_control_of_most_pages():
    assert "x-visitor-cache-control" not in kept_headers_for(cache_control=PUBLIC)
    assert ADDED_CACHE_CONTROL.decode() == public(604_859)
    values = re.findall(r'"(public, .*)";', (ROOT / "deploy" / "nginx.conf").read_text())
    assert values == [ADDED_CACHE_CONTROL.decode()]


def test_files_that_browsers_may_keep_are_fresh_for_half_an_hour():
    for cache_control in (IMMUTABLE, "max-age=31536000, public, immutable", "max-age=86400, public"):
        before = int(time())
        headers = kept_headers_for(cache_control=cache_control)
        assert before + 1800 <= int(headers["x-accel-expires"].removeprefix("@")) <= time() + 1800
        assert headers["x-visitor-cache-control"] == cache_control
        assert headers["cache-control"].endswith("stale-if-error=604860")


@pytest.mark.parametrize("status", [404, 410])
def test_the_response_of_a_removed_page_replaces_its_copy(status):
    headers = kept_headers_for(status, cache_control=REVALIDATED)
    assert headers["x-visitor-cache-control"] == REVALIDATED
    assert "stale-if-error=604860" in headers["cache-control"] and "x-accel-expires" in headers


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (200, {"cache_control": "no-store"}),
        (200, {"cache_control": "private, no-store"}),
        (200, {"cache_control": "private, max-age=60, s-maxage=60, stale-if-error=60"}),
        (200, {"cache_control": REVALIDATED}),
        (200, {"cache_control": public(0)}),
        (200, {"cache_control": PUBLIC}),  # without a Content-Security-Policy, which nginx doesn't add to its copies
        (200, KEPT | {"cache_control": PUBLIC, "set_cookie": "sessionid=secret"}),
        (404, KEPT | {"cache_control": REVALIDATED, "set_cookie": "sessionid=secret"}),
        (200, KEPT | {"cache_control": IMMUTABLE, "set_cookie": "sessionid=secret"}),
        (500, {"cache_control": "no-store"}),
    ],
)
def test_other_responses_are_unchanged(status, headers):
    assert headers_for(status, **headers) == {name.replace("_", "-"): value for name, value in headers.items()}


def test_headers_that_nginx_adds_are_left_out_unless_they_differ():
    headers = headers_for(**{name.lower().replace("-", "_"): value for name, value in ADDED_HEADERS.items()})
    assert headers == {}
    configuration = "".join(path.read_text() for path in (ROOT / "deploy").glob("nginx*"))
    for name, value in ADDED_HEADERS.items():
        assert re.search(f'add_header {name} "?{re.escape(value)}"? always;', configuration)
    assert headers_for(referrer_policy="no-referrer") == {"referrer-policy": "no-referrer"}
