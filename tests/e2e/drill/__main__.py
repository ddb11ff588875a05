"""`make drill`: the long versions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import randrange
from tempfile import TemporaryDirectory
from traceback import format_exc

from ...support.postgres import IS_REQUIRED, MISSING, found
from . import databases, drills
from .report import Report

LONG = {
    drills.same_form: 20,
    drills.kills: 200,
    drills.hanging_mail: 60,
    drills.flood: 1000,
    drills.forged: 1000,
    drills.crowd: 1000,
    drills.two_workers: 200,
}
LONG_OUTAGE = 150


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="make drill")
    parser.add_argument("--seed", type=int, default=randrange(1_000_000))
    parser.add_argument("--only", choices=[drill.__name__ for drill in (*LONG, drills.outage)])
    asked = parser.parse_args()
    print(f"seed {asked.seed}\n\n{Report.heading()}", flush=True)
    is_sound = True
    for drill, database, report in run_all(asked.seed, asked.only):
        is_sound &= not report.broken
        print("\n".join(report.lines(drill, database)), flush=True)
    if found() is None:
        print(f"\nSQLite alone: {MISSING}")
        is_sound &= not IS_REQUIRED
    return 0 if is_sound else 1


def run_all(seed: int, only: str | None) -> Iterator[tuple[str, str, Report]]:
    with ExitStack() as stack:
        servers = {"SQLite": ""}
        if found() is not None:
            servers["PostgreSQL"] = stack.enter_context(databases.own_server()).url
        for database, server in servers.items():
            for drill, size in LONG.items():
                if only in (None, drill.__name__):
                    with TemporaryDirectory() as folder, databases.empty(Path(folder), server) as url:
                        yield drill.__name__, database, attempt(drill, url, Path(folder), seed, size)
        if len(servers) > 1 and only in (None, drills.outage.__name__):
            with TemporaryDirectory() as folder, databases.own_server() as own:
                yield drills.outage.__name__, "PostgreSQL", attempt(drills.outage, own, Path(folder), seed, LONG_OUTAGE)


def attempt(drill: Callable[..., Report], place: object, folder: Path, seed: int, size: int) -> Report:
    """A drill that ends halfway keeps none of the others from being run."""
    try:
        return drill(place, folder, seed, size)
    except Exception:
        return Report(seed, broken=[f"it ends halfway\n{format_exc()}"])


if __name__ == "__main__":
    sys.exit(main())
