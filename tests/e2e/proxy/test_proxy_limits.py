"""nginx limits slow, large and frequent requests."""

import select
import socket
import time
from contextlib import ExitStack

import pytest

from layersrank_site import settings as production
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL, serving
from .conftest import copy_documents, run_echo_sites
from .nginx import needs_tools, run_nginx

pytestmark = needs_tools

PARTIAL_HEADER = f"GET {SEED_URL} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ".encode()


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    """nginx in front of an echo site."""
    folder = tmp_path_factory.mktemp("echo")
    with run_echo_sites(folder) as (site,), run_nginx(folder / "nginx", [site.port]) as nginx:
        yield nginx


def test_pages_stay_fast_while_incomplete_headers_time_out(tmp_path):
    copy_documents(tmp_path)
    with (
        serving(tmp_path) as site,
        run_nginx(tmp_path / "nginx", [site.port]) as nginx,
        ExitStack() as stack,
    ):
        site.published(SEED_URL)
        started = time.monotonic()
        connections = set()
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", nginx.port))
            stack.callback(connection.close)
            connection.sendall(PARTIAL_HEADER)
            connections.add(connection)
        durations = []
        while connections and time.monotonic() - started < 30:
            for connection in [*connections]:
                if time.monotonic() - started < 8:  # slow, but not idle
                    connection.sendall(b"x")
            before = time.monotonic()
            assert nginx.ask(SEED_URL).status == 200
            durations.append(time.monotonic() - before)
            readable, _, _ = select.select(list(connections), [], [], 0.5)
            connections -= {connection for connection in readable if connection.recv(1000) == b""}
        assert not connections
        # nginx's timeout is 10 s. If the connections had closed earlier, another limit would have been the reason.
        assert 9 < time.monotonic() - started < 30
        assert sorted(durations)[len(durations) // 2] < 0.2


def test_the_body_of_any_request_reaches_the_site(echo):
    for method in ("GET", "POST", "PUT") * 2:
        assert f'"bytes": {len(method)}' in echo.ask("/", method, method.encode()).text


def test_a_body_over_the_maximum_size_is_refused(echo):
    max_bytes = production.MAX_BODY_BYTES
    assert echo.ask("/", "POST", b"x" * max_bytes).text.count(f'"bytes": {max_bytes}') == 1
    assert echo.ask("/", "POST", b"x" * (max_bytes + 1)).status == 413


def test_a_chunked_body_over_the_maximum_size_is_refused(echo):
    def response_to(size):
        with socket.create_connection(("127.0.0.1", echo.port), timeout=PATIENCE) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.sendall(b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n")
            return connection.recv(100)

    assert response_to(production.MAX_BODY_BYTES).startswith(b"HTTP/1.1 200 ")
    assert response_to(production.MAX_BODY_BYTES + 1).startswith(b"HTTP/1.1 413 ")


def test_nginx_and_the_site_have_the_same_maximum_body_size():
    assert f"client_max_body_size {production.MAX_BODY_BYTES // 1024}k;" in (ROOT / "deploy" / "nginx.conf").read_text()


def test_a_header_over_the_maximum_size_is_refused(echo):
    assert echo.ask("/", headers={"Cookie": "x" * 7000}).status == 200
    assert echo.ask("/", headers={"Cookie": "x" * 9000}).status == 400


def test_one_address_can_send_a_burst_of_400_requests_but_not_of_1200(tmp_path):
    # Lower the rate limit, so that even a slow machine can exceed it.
    with (
        run_echo_sites(tmp_path) as (site,),
        run_nginx(tmp_path / "nginx", [site.port], changes={"rate=50r/s": "rate=1r/s"}) as nginx,
    ):
        office = [nginx.ask("/", source="127.0.0.2").status for _ in range(400)]
        assert set(office) == {200}
        flood = [nginx.ask("/", source="127.0.0.3").status for _ in range(1200)]
        assert set(flood[:1000]) == {200}
        assert flood[-1] == 429
        assert nginx.ask("/", source="127.0.0.4").status == 200


def test_forms_have_their_own_rate_limit(tmp_path):
    with (
        run_echo_sites(tmp_path) as (site,),
        run_nginx(tmp_path / "nginx", [site.port], changes={"rate=1r/s": "rate=1r/m"}) as nginx,
    ):
        flood = [nginx.ask("/start", "POST", b"x").status for _ in range(70)]
        assert set(flood[:61]) == {200}
        assert flood[-1] == 429
        assert nginx.ask("/start").status == 200


def test_limits_apply_per_ipv6_network_with_a_64_bit_prefix_and_per_ipv4_address(tmp_path):
    with (
        run_echo_sites(tmp_path) as (site,),
        run_nginx(tmp_path / "nginx", [site.port], changes={"rate=1r/s": "rate=1r/m"}, proxies="127.0.0.1") as nginx,
    ):

        def post(address: str) -> int:
            return nginx.ask("/start", "POST", b"x", {"X-Forwarded-For": address}).status

        assert {post(f"2001:db8:0:1::{number:x}") for number in range(61)} == {200}
        assert {post(f"::ffff:192.0.2.{number}") for number in range(61)} == {200}
        assert post("2001:db8:0:1:ffff:ffff:ffff:ffff") == 429
        assert post("2001:db8:0:2::1") == 200
        assert {post("::ffff:198.51.100.7") for number in range(61)} == {200}
        assert post("198.51.100.7") == 429
