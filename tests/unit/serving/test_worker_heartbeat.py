"""The heartbeat of a gunicorn worker, without which gunicorn kills the worker."""

import asyncio
import runpy
import time

import pytest
from uvicorn.config import Config

from ...conftest import ROOT

TICKS = 10  # uvicorn looks at the clock at each tenth tick


@pytest.mark.parametrize("step", [0, 3600, -3600, -30 * 86_400])
def test_the_heartbeat_continues_after_the_clock_is_set_forward_or_back(monkeypatch, step):
    now, beats = [1_800_000_000.0], []

    async def beat():
        beats.append(now[0])

    server_class = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["DrainingServer"]
    server = server_class(Config(app=None, callback_notify=beat, timeout_notify=1))
    monkeypatch.setattr(time, "time", lambda: now[0])

    def run(seconds):
        for second in range(seconds):
            now[0] += 1
            asyncio.run(server.on_tick(second * TICKS))

    run(5)
    before = len(beats)
    assert before
    now[0] += step
    run(5)
    assert len(beats) >= before + 2
