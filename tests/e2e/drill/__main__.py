"""Run the long drills (`make drill`), on SQLite and on PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import randrange
from tempfile import TemporaryDirectory
from traceback import format_exc

from ...support.postgres import IS_REQUIRED, NOT_INSTALLED, bin_dir
from . import databases, drills
from .drill_report import Report

SIZES = {
    drills.same_form: 20,
    drills.kills: 200,
    drills.hanging_mail: 60,
    drills.flood: 1000,
    drills.forged: 1000,
    drills.crowd: 1000,
    drills.two_workers: 200,
}
OUTAGE_SIZE = 150


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="make drill")
    parser.add_argument("--seed", type=int, default=randrange(1_000_000), help="repeat an earlier run's random choices")
    parser.add_argument("--only", choices=[drill.__name__ for drill in (*SIZES, drills.outage)], help="run one drill")
    options = parser.parse_args()
    print(f"seed {options.seed}\n\n{Report.heading()}", flush=True)
    passed = True
    for drill, database, report in run_all(options.seed, options.only):
        passed &= not report.failures
        print("\n".join(report.lines(drill, database)), flush=True)
    if bin_dir() is None:
        print(f"\nran on SQLite only: {NOT_INSTALLED}")
        passed &= not IS_REQUIRED
    return 0 if passed else 1


def run_all(seed: int, only: str | None) -> Iterator[tuple[str, str, Report]]:
    """Run the drills. Yield each drill's name, database and report."""
    with ExitStack() as stack:
        servers = {"SQLite": ""}
        if bin_dir() is not None:
            servers["PostgreSQL"] = stack.enter_context(databases.own_server()).url
        for database, server in servers.items():
            for drill, size in SIZES.items():
                if only in (None, drill.__name__):
                    with TemporaryDirectory() as folder, databases.empty(Path(folder), server) as url:
                        yield drill.__name__, database, run_drill(drill, url, Path(folder), seed, size)
        if len(servers) > 1 and only in (None, drills.outage.__name__):
            with TemporaryDirectory() as folder, databases.own_server() as own:
                report = run_drill(drills.outage, own, Path(folder), seed, OUTAGE_SIZE)
                yield drills.outage.__name__, "PostgreSQL", report


def run_drill(drill: Callable[..., Report], database: object, folder: Path, seed: int, size: int) -> Report:
    """Run one drill. An exception becomes a failure in its report, so that the other drills still run."""
    try:
        return drill(database, folder, seed, size)
    except Exception:
        return Report(seed, failures=[f"the drill raised an exception\n{format_exc()}"])


if __name__ == "__main__":
    sys.exit(main())
