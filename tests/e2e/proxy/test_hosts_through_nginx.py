"""Test requests with right and wrong hosts through nginx, over raw sockets (RFC 9112, 3.2)."""

import json

import pytest

from ...conftest import SEED_URL, serving
from ..attack.raw_http import CLOSE, exchange, statuses
from .conftest import copy_documents, run_echo_sites
from .nginx import needs_tools, run_nginx

pytestmark = needs_tools

HOST, EVIL = b"Host: 127.0.0.1\r\n", b"Host: evil.example\r\n"
PATHS = (SEED_URL, "/search")
PROBES = ("/livez", "/readyz", "/version", "/metrics")


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hosts")
    copy_documents(folder)
    environment = {"TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": "1"}
    with serving(folder, takes_leads=True, **environment) as site, run_nginx(folder / "nginx", [site.port]) as nginx:
        site.published(SEED_URL)
        yield nginx


def ask(nginx, target, headers, version="1.1"):
    (status,) = statuses(exchange(nginx.port, f"GET {target} HTTP/{version}\r\n".encode() + headers + CLOSE + b"\r\n"))
    return status


@pytest.mark.parametrize("path", PATHS)
def test_requests_with_a_missing_or_wrong_or_repeated_host_get_400(nginx, path):
    assert ask(nginx, path, HOST) == ask(nginx, path, HOST, "1.0") == 200
    for headers in (
        b"",
        HOST + HOST,
        HOST + EVIL,
        EVIL + HOST,
        EVIL,
        b"Host:\r\n",
        b"Host: 127.0.0.1@evil.example\r\n",
    ):
        assert ask(nginx, path, headers) == 400
    assert ask(nginx, path, b"", "1.0") == 400


@pytest.mark.parametrize("path", PATHS)
def test_the_host_in_an_absolute_url_replaces_the_host_header(nginx, path):
    for headers in (HOST, EVIL):
        assert ask(nginx, f"http://127.0.0.1{path}", headers) == 200
        assert ask(nginx, f"HTTP://LOCALHOST:80{path}?a=http://evil.example/", headers) == 200
        for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1@evil.example"):
            assert ask(nginx, f"http://{host}{path}", headers) == 400
    for headers in (b"", HOST + HOST):
        assert ask(nginx, f"http://127.0.0.1{path}", headers) == 400
    assert ask(nginx, f"{path}?a=http://evil.example/", HOST) == 200


@pytest.mark.parametrize("path", PROBES)
def test_probes_accept_any_host_name(nginx, path):
    for headers in (HOST, EVIL, b"Host: 10.0.0.4:8000\r\n"):
        assert ask(nginx, path, headers) == ask(nginx, path, headers, "1.0") == 200
    assert ask(nginx, path, b"", "1.0") == 200
    for headers in (b"", HOST + EVIL):
        assert ask(nginx, path, headers) == 400


def test_the_site_gets_the_requested_host(tmp_path):
    with run_echo_sites(tmp_path) as (site,), run_nginx(tmp_path / "nginx", [site.port]) as nginx:

        def hosts(target, headers, version="1.1"):
            answer = exchange(nginx.port, f"GET {target} HTTP/{version}\r\n".encode() + headers + CLOSE + b"\r\n")
            headers = dict(json.JSONDecoder().raw_decode(answer.decode().split("\r\n\r\n", 1)[1])[0]["headers"])
            assert headers["host"] == headers["x-forwarded-host"]
            return headers["host"]

        assert hosts("/", b"Host: Site.example:8080\r\n") == "Site.example:8080"
        assert hosts("http://other.example:81/a?b=http://c/", b"Host: site.example\r\n") == "other.example:81"
        assert hosts("http://other.example", b"Host: site.example\r\n") == "other.example"
        assert hosts("/", b"", "1.0") == "no-host.invalid"
