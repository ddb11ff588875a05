"""The short versions of the drills; `make drill` runs the long ones."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from ...support.postgres import needs_postgres
from . import databases, drills

SHORT = {
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
    """Another one with each seed of the test run, and the same with the same."""
    return random.randrange(1_000_000)


@pytest.mark.parametrize("drill", SHORT, ids=lambda drill: drill.__name__)
def test_what_is_promised_of_leads_holds(drill, seed: int, tmp_path: Path):
    with databases.empty(tmp_path, os.environ.get("TEST_DATABASE_URL", "")) as database:
        report = drill(database, tmp_path, seed, SHORT[drill])
    assert not report.broken, "\n".join(report.lines(drill.__name__, f"seed {seed}"))


@needs_postgres
def test_nothing_is_lost_when_postgresql_goes_away(seed: int, tmp_path: Path):
    with databases.own_server() as server:
        report = drills.outage(server, tmp_path, seed, 40)
    assert not report.broken, "\n".join(report.lines("outage", f"seed {seed}"))
