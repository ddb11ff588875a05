"""A request needs exactly one Host header, which contains the site's host (RFC 9112, 3.2)."""

import asyncio

import pytest

from layersrank_site.serving.host_check import check_host

ALLOWED = ["www.layersrank.com", ".layersrank.org", "[::1]"]
SITE = b"www.layersrank.com"


def status(path, *hosts, version="1.1"):
    """Return the status of the response: 200 if the request reaches the application."""
    sent = []

    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    headers = [(b"accept", b"*/*"), *((b"host", host) for host in hosts)]
    scope = {"type": "http", "path": path, "http_version": version, "headers": headers}
    asyncio.run(check_host(application, ALLOWED, lambda: {"X-Constant": "a"})(scope, None, send))
    start = sent[0]
    assert start["status"] == 200 or {(b"x-constant", b"a"), (b"connection", b"close")} <= set(start["headers"])
    return start["status"]


@pytest.mark.parametrize(
    "host", [SITE, b"WWW.LayersRank.com:443", b"a.layersrank.org", b"layersrank.org.", b"[::1]:80"]
)
def test_the_hosts_of_the_site(host):
    assert status("/", host) == status("/static/a.css", host, version="1.0") == 200


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        (SITE, SITE),
        (SITE, b"evil.example"),
        (b"",),
        (b"evil.example",),
        (b"layersrank.com",),
        (b"www.layersrank.com.evil.example",),
        (b"www.layersrank.com@evil.example",),
        (b"www.layersrank.com,evil.example",),
        (b"www.layersrank.com\xff",),
    ],
)
def test_other_hosts(hosts):
    for version in ("1.0", "1.1"):
        assert status("/", *hosts, version=version) == status("/livez/", *hosts, version=version) == 400


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/version", "/metrics"])
def test_probes_accept_any_host_with_valid_syntax(path):
    for host in (SITE, b"evil.example", b"10.0.0.4:8000", b"[fe80::1]", b"site_1:8000", b""):
        assert status(path, host) == status(path, host, version="1.0") == 200
    for hosts in ((SITE, SITE), (b"a@b",), (b"a/b",), (b"a b",), (b"a:b",), (b"\xff",)):
        assert status(path, *hosts) == status(path, *hosts, version="1.0") == 400
    assert status(path, version="1.0") == 200  # HTTP/1.0 requires no Host header
    assert status(path) == 400
