"""A replica that hangs gets no form, and delays no visitor by more than a second, even if the other replica is slow."""

import re
import socket
from threading import Event, Thread

import pytest

from ...conftest import ROOT
from .nginx import HOST, needs_tools, run_nginx

pytestmark = needs_tools

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

# nginx asks the second replica first for everything but pages and files.
PREFER_SECOND = {"50% site-1;": ""}


class Replica:
    """A server on a free port. It never answers its next `silent` requests. `requests` has the first line of each."""

    def __init__(self):
        self.requests, self.silent = [], 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ended = Event()
        Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            request = connection.recv(65536)
            self.requests.append(request.partition(b" HTTP/")[0].decode())
            if self.silent:
                self.silent -= 1
                self._ended.wait()
            else:
                connection.sendall(RESPONSE)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """nginx, a replica that works, and a replica that hangs: the kernel accepts its connections, but nobody answers."""
    working, hanging = Replica(), Replica()
    hanging.silent = 1_000_000
    with run_nginx(tmp_path_factory.mktemp("n"), [working.port, hanging.port], changes=PREFER_SECOND) as nginx:
        yield nginx, working, hanging
    working.close()
    hanging.close()


# Requests for nginx: the method, the path and the host.
REQUESTS = {
    "a page": ("GET", "/page", HOST),
    "a page at another host": ("GET", "/page", "127.0.0.1"),
    "a search": ("GET", "/search?q=a", HOST),
    "a preview": ("GET", "/preview/a", HOST),
    "a form": ("POST", "/start", HOST),
    "a path for operators": ("GET", "/readyz", HOST),
}


@pytest.mark.parametrize("silent", [0, 1], ids=["the other replica is fast", "the other replica is slow"])
@pytest.mark.parametrize("kind", REQUESTS)
def test_each_round_asks_the_hanging_replica_at_most_once(kind, silent, running):
    nginx, working, hanging = running
    method, path, host = REQUESTS[kind]
    earlier_requests, earlier_probes = len(hanging.requests), hanging.requests.count("GET /livez")
    working.requests, working.silent = [], silent
    answer = nginx.ask(path, method, headers={"Host": host})
    assert (answer.status, answer.text) == (200, "ok")
    assert working.requests[-1] == f"{method} {path}"
    requests = hanging.requests[earlier_requests:]
    # nginx requests a page without asking for /livez first, and from no replica that has just failed. For the other
    # requests, nginx first asks the hanging replica for /livez (PREFER_SECOND).
    assert kind == "a page" or hanging.requests.count("GET /livez") > earlier_probes
    # In each round, nginx asks each replica at most once. On a busy machine, there may be more than two rounds.
    assert len(requests) <= len(working.requests)
    assert set(requests) <= {"GET /livez", "GET /page"}
    assert requests.count("GET /page") <= 1


def test_two_rounds_wait_for_the_hanging_replica_for_at_most_a_second():
    configuration = (ROOT / "deploy" / "nginx.conf").read_text()

    def read_timeout(location):
        """Return the timeout of a location in milliseconds."""
        (block,) = re.findall(rf"location {re.escape(location)} \{{(.*?)^        }}$", configuration, re.M | re.S)
        return int(re.search(r"proxy_read_timeout (\d+)ms;", block)[1])

    first_rounds = [read_timeout(location) for location in ("@site", "= /livez-within-400ms")]
    assert max(first_rounds) + read_timeout("= /livez-within-600ms") <= 1000
    assert int(re.search(r"proxy_connect_timeout (\d+)ms;", configuration)[1]) <= min(first_rounds)
