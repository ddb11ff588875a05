"""Test requests with right and wrong hosts, over raw sockets (RFC 9112, 3.2). A wrong or missing host gets 400."""

import pytest

from ...conftest import SEED_URL, serving
from .raw_http import CLOSE, HOST, exchange, statuses

# PAGES has a published page, two pages that Django renders, a static file, and an unknown path.
STATIC = "/static/img/icon.svg"
PAGES = (SEED_URL, "/search", "/start", STATIC, "/no-such-page")
PROBES = ("/livez", "/readyz", "/version", "/metrics")

EVIL = b"Host: evil.example\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hosts"), takes_leads=True, WEB_CONCURRENCY="1") as server:
        server.published(SEED_URL)
        yield server


def ask(site, target, headers, version="1.1", method="GET"):
    request = f"{method} {target} HTTP/{version}\r\n".encode() + headers + CLOSE + b"\r\n"
    (status,) = statuses(exchange(site.port, request))
    return status


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    ("version", "headers"),
    [
        ("1.1", b""),
        ("1.0", b""),
        ("1.1", HOST + HOST),
        ("1.1", HOST + EVIL),
        ("1.1", EVIL + HOST),
        ("1.1", EVIL),
        ("1.1", b"Host:\r\n"),
        ("1.1", b"Host: 127.0.0.1, evil.example\r\n"),
        ("1.1", b"Host: 127.0.0.1@evil.example\r\n"),
        ("1.1", b"Host: evil.example/127.0.0.1\r\n"),
    ],
)
def test_requests_with_a_missing_or_wrong_or_repeated_host_get_400(site, path, method, version, headers):
    assert ask(site, path, headers, version, method) == 400


@pytest.mark.parametrize("path", [SEED_URL, "/search", STATIC])
def test_a_request_with_the_host_of_the_site_gets_200(site, path):
    for version in ("1.1", "1.0"):
        for host in (HOST, b"Host: 127.0.0.1:80\r\n", b"host: LOCALHOST\r\n"):
            assert ask(site, path, host, version) == 200


@pytest.mark.parametrize("path", [SEED_URL, "/search", STATIC])
def test_the_host_in_an_absolute_url_replaces_the_host_header(site, path):
    for target in (f"http://127.0.0.1{path}", f"HTTP://127.0.0.1:{site.port}{path}", f"https://localhost{path}?a=b"):
        for headers in (HOST, EVIL):
            assert ask(site, target, headers) == 200
        for headers in (b"", HOST + HOST):
            assert ask(site, target, headers) == 400
    for target in (
        *(f"http://evil.example{path}", f"http://127.0.0.1@evil.example{path}", f"http://evil.example:80{path}"),
        *(f"ftp://127.0.0.1{path}", f"http://127.0.0.1.evil.example{path}"),
    ):
        for method in ("GET", "HEAD", "POST"):
            assert ask(site, target, HOST, method=method) == 400


def test_an_absolute_url_without_a_path_requests_the_home_page(site):
    assert ask(site, "http://127.0.0.1", EVIL) == ask(site, "http://127.0.0.1?a=b", EVIL) == 200


@pytest.mark.parametrize(("method", "target"), [("OPTIONS", "*"), ("CONNECT", "127.0.0.1:80"), ("GET", "127.0.0.1/")])
def test_request_targets_without_a_path_get_400(site, method, target):
    assert ask(site, target, HOST, method=method) == 400


def test_the_host_of_each_request_on_a_connection_is_checked(site):
    page = f"GET {SEED_URL} HTTP/1.1\r\n".encode()
    parts = (page + HOST + b"\r\n", page + EVIL + b"\r\n")
    assert statuses(exchange(site.port, *parts)) == [200, 400]
    assert statuses(exchange(site.port, b"".join(parts))) == [200, 400]


@pytest.mark.parametrize("path", PROBES)
def test_probes_accept_any_host_name(site, path):
    hosts = (b"Host: 10.0.0.4:8000\r\n", EVIL, b"Host: [::1]:8000\r\n", b"Host: site_1:8000\r\n", b"Host:\r\n")
    for host in hosts:
        assert ask(site, path, host) == ask(site, path, host, "1.0") == 200
    assert ask(site, f"http://evil.example{path}", HOST) == 200
    assert ask(site, path, b"", "1.0") == 200
    for headers in (b"", HOST + HOST, HOST + EVIL, b"Host: a@b\r\n", b"Host: a/b\r\n", b"Host: a b\r\n"):
        assert ask(site, path, headers) == 400
    assert ask(site, path, HOST + EVIL, "1.0") == 400
