"""Test the framing and headers of requests, over raw sockets. No request may forge a header or another request."""

import sqlite3
from contextlib import closing

import pytest

from ...conftest import serving
from ..drill.visitors import open_forms
from .raw_http import CHUNKED, CLOSE, HOST, LAST, echoed_headers, exchange, statuses

# Every header that the site, Django or the server reads.
READ_HEADERS = (
    *("Accept-Encoding", "Connection", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "If-Match"),
    *("If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Origin", "Range", "Referer"),
    *("Sec-Fetch-Site", "Transfer-Encoding", "Upgrade", "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host"),
    *("X-Forwarded-Port", "X-Forwarded-Proto", "X-Request-ID", "X-Requested-With"),
)

MAX_HEADER_BYTES = 64 * 1024


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    """The site's gunicorn with an application that echoes requests.

    `echo.paths()` returns the paths that were requested since its last call.
    """
    folder = tmp_path_factory.mktemp("echo")
    (folder / "content").mkdir()
    log = folder / "requests"
    with serving(
        folder, "tests.e2e.proxy.echo:application", WEB_CONCURRENCY="1", REQUEST_LOG=str(log), ready="/ready"
    ) as server:

        def paths():
            lines = log.read_text().splitlines()
            log.write_text("")
            return [path for _, path in map(str.split, lines) if path != "/ready"]

        server.paths = paths
        yield server


@pytest.fixture(autouse=True)
def no_paths(echo):
    """Forget the requests of earlier tests."""
    echo.paths()


@pytest.mark.parametrize("name", READ_HEADERS)
def test_a_trailer_is_not_read_as_a_header(echo, name):
    sent = b"POST /a HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n1\r\nx\r\n0\r\n" + name.encode() + b": 203.0.113.9\r\n\r\n"
    for parts in ([sent + LAST], [sent[:-30], sent[-30:] + LAST]):
        answer = exchange(echo.port, *parts)
        # llhttp refuses trailers that could change the framing.
        if statuses(answer) == [200, 200]:
            assert echoed_headers(answer) == {"host": "127.0.0.1", "transfer-encoding": "chunked"}
            assert echo.paths() == ["/a", "/last"]
        else:
            assert name in ("Content-Length", "Transfer-Encoding") and statuses(answer) == [400]
            assert "/last" not in echo.paths()


def test_a_trailer_of_one_request_is_not_a_header_of_the_next(echo):
    first = b"POST /a HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n0\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
    answer = exchange(echo.port, first + b"GET /b HTTP/1.1\r\n" + HOST + b"\r\n", LAST)
    assert statuses(answer) == [200, 200, 200] and b"203.0.113.9" not in answer
    assert echo.paths() == ["/a", "/b", "/last"]


def test_neither_a_trailer_nor_a_header_with_underscores_changes_the_address_or_id_from_the_proxy(tmp_path):
    proxy = {"TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": "1"}
    with serving(tmp_path, takes_leads=True, **proxy) as server:
        forms = open_forms(server.port, 3)
        for number, form in enumerate(forms):
            body = form.body(f"visitor{number}@example.com").encode()
            answer = exchange(
                server.port,
                b"POST /start HTTP/1.1\r\n"
                + (HOST + CHUNKED + CLOSE)
                + b"Content-Type: application/x-www-form-urlencoded\r\n"
                + b"Cookie: %b\r\n" % form.cookie.encode()
                + b"X-Forwarded-For: 198.51.100.7\r\nX-Request-ID: 0123456789abcdef\r\n"
                + b"X_Forwarded_For: 203.0.113.%d\r\nX_Request_ID: fedcba9876543210\r\n\r\n" % number
                + b"%x\r\n%b\r\n0\r\n" % (len(body), body)
                + b"X-Forwarded-For: 203.0.113.%d\r\nX-Request-ID: fedcba9876543210\r\nHost: evil.example\r\n\r\n"
                % number,
            )
            assert statuses(answer) == [303] and b"x-request-id: 0123456789abcdef" in answer
        database = sqlite3.connect(tmp_path / "db.sqlite3")
        with closing(database):
            assert database.execute("SELECT COUNT(*), COUNT(DISTINCT client) FROM leads_lead").fetchone() == (3, 1)


BODY = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


@pytest.mark.parametrize(
    "headers",
    [
        LENGTH + CHUNKED,
        CHUNKED + LENGTH,
        LENGTH + LENGTH,
        LENGTH + b"Content-Length: 0\r\n",
        b"Content-Length: 5, 5\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length: 5 5\r\n",
        b"Content-Length: \r\n",
        b"Content-Length: 18446744073709551621\r\n",
        b"Content-Length : 5\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: identity\r\n",
        b'Transfer-Encoding: "chunked"\r\n',
        b"Transfer-Encoding: \x0bchunked\r\n",
        b"Transfer-Encoding:\r\n chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n",
        CHUNKED + CHUNKED,
        b"X: a\r\n " + CHUNKED,
        b"X: a\rb\r\n",
        b"X: a\0b\r\n",
        b"X: a\n" + CHUNKED,
    ],
)
def test_ambiguous_framing_is_refused(echo, headers):
    answer = exchange(echo.port, b"POST /a HTTP/1.1\r\n" + HOST + headers + b"\r\n" + BODY)
    assert statuses(answer) == [400]
    assert echo.paths() in ([], ["/a"])


@pytest.mark.parametrize(
    "chunks",
    [
        b"0x1\r\na\r\n",
        b"-1\r\na\r\n",
        b"1\na\n",
        b"1\r\naX",
        b"1 \r\na\r\n",
        b"1;a\nb\r\na\r\n",
        b"f" * 17 + b"\r\na\r\n",
    ],
)
def test_malformed_chunks_are_refused(echo, chunks):
    answer = exchange(echo.port, b"POST /a HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n" + chunks + b"0\r\n\r\n" + LAST)
    assert statuses(answer) == [400]
    assert "/last" not in echo.paths()


@pytest.mark.parametrize("framing", [LENGTH, CHUNKED, b""])
def test_the_body_of_an_upgrade_request_is_not_read_as_a_request(echo, framing):
    head = b"POST /a HTTP/1.1\r\n" + HOST + framing + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    for parts in ([head + BODY], [head, BODY]):
        assert statuses(exchange(echo.port, *parts)) == [200]
        assert echo.paths() == ["/a"]


def test_a_request_after_a_connection_close_header_is_not_read(echo):
    answer = exchange(echo.port, b"POST /a HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Length: 0\r\n\r\n" + BODY)
    assert statuses(answer) == [200] and echo.paths() == ["/a"]


def test_the_header_size_limit_does_not_apply_to_bodies(echo):
    head = b"POST /a HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n"
    size = MAX_HEADER_BYTES - len(b"10000\r\n")
    chunk = b"%x\r\n%b" % (size, b"a" * size)
    answer = exchange(echo.port, head, chunk, b"\r\n0\r\n\r\n" + LAST)
    assert statuses(answer) == [200, 200] and b'"bytes": %d' % size in answer


def headers_of(size: int, count: int) -> bytes:
    """Return `count` headers with `size` bytes in total."""
    each = size // count - 7
    return b"".join(b"X-%d: %b\r\n" % (number % 10, b"a" * each) for number in range(count))


@pytest.mark.parametrize("count", [1, 100, 5000])
@pytest.mark.parametrize("is_first", [True, False])
def test_headers_above_64_kb_get_431(echo, count, is_first):
    before = b"" if is_first else b"GET /before HTTP/1.1\r\n" + HOST + b"\r\n"
    head = b"GET /a HTTP/1.1\r\n" + HOST + CLOSE
    allowed = head + headers_of(MAX_HEADER_BYTES - 300, count) + b"\r\n"
    for parts in ([before + allowed], [before + allowed[:40_000], allowed[40_000:]]):
        assert statuses(exchange(echo.port, *parts)) == [200] * (1 if is_first else 2)
        assert echo.paths()[-1] == "/a"
    for size in (MAX_HEADER_BYTES + count + 300, 200_000):
        large = head + headers_of(size, count) + b"\r\n"
        for parts in ([before + large], [before + large[:40_000], large[40_000:]]):
            assert statuses(exchange(echo.port, *parts))[-1] == 431
            assert "/a" not in echo.paths()


@pytest.mark.parametrize(
    "start",
    [
        b"GET /",
        b"GET /a HTTP/1.1\r\n" + HOST + b"X: ",
        b"GET /a HTTP/1.1\r\n" + HOST + b"X",
        b"POST /a HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n1;",
        b"POST /a HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n1\r\na\r\n0\r\nX: ",
    ],
    ids=["URL", "value", "name", "chunk extension", "trailer"],
)
def test_headers_that_never_end_get_431(echo, start):
    answer = exchange(echo.port, start, *[b"a" * 30_000] * 4)
    assert statuses(answer)[-1] == 431
    assert statuses(exchange(echo.port, LAST)) == [200]
