"""Run short versions of the drills. `make drill` runs the long versions."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from ...support.postgres import needs_postgres
from . import databases, drills

SIZES = {
    drills.same_form: 20,
    drills.kills: 40,
    drills.hanging_mail: 10,
    drills.flood: 150,
    drills.forged: 60,
    drills.crowd: 150,
    drills.two_workers: 20,
}


@pytest.fixture
def seed() -> int:
    """Return a random seed for the drill.

    The drill's seed depends only on pytest-randomly's seed, so a failure can be repeated.
    """
    return random.randrange(1_000_000)


@pytest.mark.parametrize("drill", SIZES, ids=lambda drill: drill.__name__)
def test_drill(drill, seed: int, tmp_path: Path):
    with databases.empty(tmp_path, os.environ.get("TEST_DATABASE_URL", "")) as database:
        report = drill(database, tmp_path, seed, SIZES[drill])
    assert not report.failures, "\n".join(report.lines(drill.__name__, f"seed {seed}"))


@needs_postgres
def test_postgresql_outage(seed: int, tmp_path: Path):
    with databases.own_server() as server:
        report = drills.outage(server, tmp_path, seed, 40)
    assert not report.failures, "\n".join(report.lines("outage", f"seed {seed}"))
