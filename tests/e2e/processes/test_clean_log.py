"""Test that the log of a clean start and stop has no line that reads like a fault."""

import json
import re
import signal
import subprocess
import sys

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, Server, collect_static, free_port, wait_until_ready

FAULT = re.compile(r"error|fail|except|traceback|warn|kill|abort|bad |refus|invalid|not |!", re.IGNORECASE)


@pytest.mark.parametrize("published", [True, False], ids=["published", "loading"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_log_of_a_clean_start_and_stop_has_nothing_that_looks_like_a_fault(tmp_path, number, published):
    log, port = tmp_path / "log", free_port()
    env = {
        "PATH": "/usr/bin:/bin",
        "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
        "DATA_DIR": str(tmp_path / "data"),
        "CONTENT_DIR": str(ROOT / "tests" / "fixtures" / "site"),
        "PORT": str(port),
    }
    collect_static(env)
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "deploy/supervise.py"], cwd=ROOT, env=env, stderr=output)
    server = Server(port, ROOT, log, process)
    try:
        if published:
            wait_until_ready(lambda: server.get("/livez").status == 200, process, log)
            server.published("/pricing")
        else:
            wait_until_ready(lambda: "Booting worker" in log.read_text(), process, log)
    finally:
        process.send_signal(number)
        assert process.wait(timeout=PATIENCE) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) > 5
    assert [line for line in lines if line["level"] not in ("debug", "info") or FAULT.search(line["message"])] == []
