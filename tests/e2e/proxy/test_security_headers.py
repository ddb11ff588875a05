"""nginx's own responses have the site's security headers, and redirect only to the site."""

import http.client
import socket
import ssl

import pytest

from layersrank_site.middleware import HEADERS
from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL, free_port, serving
from .conftest import copy_documents
from .nginx import HOST, needs_tools, run_nginx

pytestmark = needs_tools

HOST_LINE = b"Host: 127.0.0.1\r\n"

# Requests that nginx itself answers with an error, each with the status of the response. The 503 needs a site that is
# down.
REFUSED = {
    "400, no host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "400, a long header": (400, b"GET / HTTP/1.1\r\n" + HOST_LINE + b"Cookie: " + b"x" * 9000 + b"\r\n\r\n"),
    "403": (403, b"GET /readyz HTTP/1.1\r\n" + HOST_LINE + b"X-Forwarded-For: 198.51.100.7\r\n\r\n"),
    "404": (404, b"GET /.well-known/acme-challenge/none HTTP/1.1\r\n" + HOST_LINE + b"\r\n"),
    "405": (405, b"TRACE / HTTP/1.1\r\n" + HOST_LINE + b"\r\n"),
    "413": (413, b"POST / HTTP/1.1\r\n" + HOST_LINE + b"Content-Length: 1000000\r\n\r\n"),
    "414": (414, b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n" + HOST_LINE + b"\r\n"),
    "503": (503, b"GET / HTTP/1.1\r\n" + HOST_LINE + b"\r\n"),
    "505": (505, b"GET / HTTP/3.0\r\n" + HOST_LINE + b"\r\n"),
}


@pytest.fixture(scope="module")
def lonely(tmp_path_factory):
    """nginx in front of a site that is down."""
    with run_nginx(tmp_path_factory.mktemp("lonely"), [free_port()], proxies="127.0.0.1") as nginx:
        yield nginx


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secure")
    copy_documents(folder)
    environment = {"SITE_URL": f"https://{HOST}", "ALLOWED_HOSTS": f"{HOST},127.0.0.1", "WEB_CONCURRENCY": "1"}
    with (
        serving(folder, **environment) as site,
        run_nginx(folder / "nginx", [site.port], certificate=True) as nginx,
    ):
        site.published(SEED_URL)
        yield nginx


def response(port, request, certificate=None):
    """Send `request`, over TLS if there is a certificate to verify. Return the status and the headers."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        if certificate:
            context = ssl.create_default_context(cafile=certificate)
            connection = context.wrap_socket(connection, server_hostname=HOST)
        with connection:
            connection.sendall(request)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, answer.headers


def secure_response(nginx, path):
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    return response(nginx.secure_port, request, nginx.certificates / "fullchain.pem")


def check_headers(headers):
    assert {name: headers.get_all(name) for name in HEADERS} == {name: [value] for name, value in HEADERS.items()}
    (policy,) = headers.get_all("Content-Security-Policy")
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(("status", "request_bytes"), REFUSED.values(), ids=REFUSED)
def test_error_responses_of_nginx_have_the_security_headers(status, request_bytes, lonely):
    actual, headers = response(lonely.port, request_bytes)
    assert actual == status
    check_headers(headers)


def test_responses_with_status_429_have_the_security_headers(tmp_path):
    with run_nginx(
        tmp_path, [free_port()], changes={"burst=250 delay=50": "nodelay", "rate=5r/s": "rate=1r/m"}
    ) as nginx:
        statuses = []
        while 429 not in statuses:
            answer = nginx.ask("/search")
            statuses.append(answer.status)
        check_headers(answer.headers)


@pytest.mark.parametrize("path", [SEED_URL, "/search", "/nothing-here", "/static/none", "/livez"])
def test_responses_of_the_site_have_each_security_header_once(path, secure):
    status, headers = secure_response(secure, path)
    assert status in (200, 404)
    check_headers(headers)
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


def test_error_responses_have_hsts_if_an_outer_proxy_uses_https(lonely):
    request = b"GET / HTTP/1.1\r\n" + HOST_LINE + b"X-Forwarded-Proto: https\r\n\r\n"
    status, headers = response(lonely.port, request)
    assert status == 503 and headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


def test_error_responses_over_https_have_hsts(secure):
    status, headers = secure_response(secure, "/" + "x" * 9000)
    assert status == 414
    check_headers(headers)
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


@pytest.mark.parametrize("host", [HOST, "evil.example", "evil.example:80", "127.0.0.1"])
def test_http_requests_for_any_host_redirect_to_the_site(host, secure):
    request = f"GET //evil.example/?a=b HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    status, headers = response(secure.port, request)
    assert (status, headers["Location"]) == (301, f"https://{HOST}//evil.example/?a=b")
    check_headers(headers)
    assert "Strict-Transport-Security" not in headers  # a site must not send this header over http (RFC 6797, 7.2)


def test_http_requests_without_a_host_redirect_to_the_site(secure):
    status, headers = response(secure.port, b"GET / HTTP/1.0\r\n\r\n")
    assert (status, headers["Location"]) == (301, f"https://{HOST}/")
