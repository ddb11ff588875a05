"""Run the long attacks (`make attack`), and print a table."""

from __future__ import annotations

import argparse
import logging
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import format_exc

import pytest

from .outcome import LONG, Attack, Outcome

COLUMNS = "| attack | tried | held | figures |\n|---|---|---|---|"


def main() -> int:
    attacks = {attack.__name__: attack for attack in find_attacks()}
    parser = argparse.ArgumentParser(description=__doc__, prog="make attack")
    parser.add_argument("--seconds", type=float, default=LONG, help="how long each attack lasts")
    parser.add_argument("--only", choices=sorted(attacks), help="run one attack")
    options = parser.parse_args()
    logging.disable()  # some attacks read damaged files with the site's code, which would log each of them
    print(COLUMNS, flush=True)
    failures = []
    for name, attack in attacks.items():
        if options.only in (None, name):
            outcome = run_attack(attack, options.seconds)
            print(row(name, outcome), flush=True)
            failures += [f"{name}: {failure}" for failure in outcome.failures]
    print("".join(f"\nFAILED {failure}" for failure in failures))
    return 1 if failures else 0


def find_attacks() -> Iterator[Attack]:
    """Yield the attacks that the modules of this package list in ATTACKS."""
    folder = str(Path(__file__).parent)
    for name in sorted(module.name for module in pkgutil.iter_modules([folder])):
        if not name.startswith(("__", "test_")):
            yield from getattr(import_module(f"{__package__}.{name}"), "ATTACKS", ())


def run_attack(attack: Attack, seconds: float) -> Outcome:
    """Run one attack. An exception becomes a failure, so that the other attacks still run."""
    with TemporaryDirectory() as folder:
        try:
            return attack(Path(folder), seconds)
        except (Exception, pytest.fail.Exception):
            return Outcome("", [f"the attack raised an exception\n{format_exc()}"])


def row(name: str, outcome: Outcome) -> str:
    figures = ", ".join(f"{figure}: {value}" for figure, value in outcome.figures.items())
    return f"| {name} | {outcome.tried} | {'yes' if outcome.held else 'NO'} | {figures} |"


if __name__ == "__main__":
    sys.exit(main())
