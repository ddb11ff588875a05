"""What nginx ends before it reaches the site."""

import select
import socket
import time
from contextlib import ExitStack

import pytest

from layersrank_site import settings as production
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL, serving
from .conftest import documents, echoing
from .nginx import needs_tools, running

pytestmark = needs_tools

HALF = f"GET {SEED_URL} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ".encode()


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    """nginx before one replica that says what it was asked."""
    folder = tmp_path_factory.mktemp("echo")
    with echoing(folder) as (site,), running(folder / "nginx", [site.port]) as nginx:
        yield nginx


def test_half_a_header_is_closed_in_time_and_pages_stay_fast_meanwhile(tmp_path):
    documents(tmp_path)
    with (
        serving(tmp_path) as site,
        running(tmp_path / "nginx", [site.port]) as nginx,
        ExitStack() as stack,
    ):
        site.published(SEED_URL)
        started = time.monotonic()
        open_ones = set()
        for _ in range(200):
            half = socket.create_connection(("127.0.0.1", nginx.port))
            stack.callback(half.close)
            half.sendall(HALF)
            open_ones.add(half)
        took = []
        while open_ones and time.monotonic() - started < 30:
            for half in [*open_ones]:
                if time.monotonic() - started < 8:  # each goes on, a byte now and then
                    half.sendall(b"x")
            before = time.monotonic()
            assert nginx.ask(SEED_URL).status == 200
            took.append(time.monotonic() - before)
            readable, _, _ = select.select(list(open_ones), [], [], 0.5)
            open_ones -= {half for half in readable if half.recv(1000) == b""}
        assert not open_ones
        # The timeout is ten seconds; none was ended for its number.
        assert 9 < time.monotonic() - started < 30
        assert sorted(took)[len(took) // 2] < 0.2


def test_a_body_over_the_limit_is_refused_and_one_at_it_gets_through(echo):
    largest = production.MAX_BODY_BYTES
    assert echo.ask("/", "POST", b"x" * largest).text.count(f'"bytes": {largest}') == 1
    assert echo.ask("/", "POST", b"x" * (largest + 1)).status == 413


def test_a_body_without_a_length_has_the_same_limit(echo):
    def said_to(size):
        with socket.create_connection(("127.0.0.1", echo.port), timeout=PATIENCE) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.sendall(b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n")
            return connection.recv(100)

    assert said_to(production.MAX_BODY_BYTES).startswith(b"HTTP/1.1 200 ")
    assert said_to(production.MAX_BODY_BYTES + 1).startswith(b"HTTP/1.1 413 ")


def test_the_site_refuses_the_same_bodies_where_nothing_stands_before_it():
    assert f"client_max_body_size {production.MAX_BODY_BYTES // 1024}k;" in (ROOT / "deploy" / "nginx.conf").read_text()


def test_a_header_that_is_too_large_is_refused(echo):
    assert echo.ask("/", headers={"Cookie": "x" * 7000}).status == 200
    assert echo.ask("/", headers={"Cookie": "x" * 9000}).status == 400


def test_an_office_behind_one_address_is_answered_and_a_flood_is_not(tmp_path):
    # The rate is slowed down, so that no machine is too slow for a flood.
    with (
        echoing(tmp_path) as (site,),
        running(tmp_path / "nginx", [site.port], changed={"rate=50r/s": "rate=1r/s"}) as nginx,
    ):
        office = [nginx.ask("/", source="127.0.0.2").status for _ in range(400)]
        assert set(office) == {200}
        flood = [nginx.ask("/", source="127.0.0.3").status for _ in range(1200)]
        assert set(flood[:1000]) == {200}
        assert flood[-1] == 429
        assert nginx.ask("/", source="127.0.0.4").status == 200


def test_forms_have_a_limit_of_their_own(tmp_path):
    with (
        echoing(tmp_path) as (site,),
        running(tmp_path / "nginx", [site.port], changed={"rate=1r/s": "rate=1r/m"}) as nginx,
    ):
        flood = [nginx.ask("/start", "POST", b"x").status for _ in range(70)]
        assert set(flood[:61]) == {200}
        assert flood[-1] == 429
        assert nginx.ask("/start").status == 200
