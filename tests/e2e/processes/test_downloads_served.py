"""A running server sends large files in small pieces."""

import http.client
import re
from contextlib import ExitStack
from pathlib import Path

from ...conftest import Server, serving
from ...support.waiting import PATIENCE

SIZE, CLIENTS = 300_000_000, 50


def worker_bytes(server: Server) -> int:
    """Return the memory of the only worker."""
    (pid,) = re.findall(r"Booting worker with pid: (\d+)", server.log.read_text())
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) * 1000


def test_fifty_downloads_of_300_megabytes_add_less_than_60_megabytes_to_the_memory_of_the_worker(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server, ExitStack() as stack:
        with (server.content / "large.zip").open("wb") as file:
            file.truncate(SIZE)
        server.published("/pricing")
        assert server.get("/large.zip", Range="bytes=-3").body == bytes(3)
        before = worker_bytes(server)
        answers = []
        for _ in range(CLIENTS):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
            stack.callback(connection.close)
            connection.request("GET", "/large.zip")
            answers.append(connection.getresponse())
        assert {answer.status for answer in answers} == {200}
        for answer in answers:  # all clients read slowly
            assert answer.read(1_000_000) == bytes(1_000_000)
        assert worker_bytes(server) - before < 60_000_000
        assert server.get("/pricing").status == 200
        assert len(answers[0].read()) == SIZE - 1_000_000
    assert "Traceback" not in server.log.read_text()
