"""The outcome of an attack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SHORT = 3.0  # seconds, in tests
LONG = 30.0  # seconds, in `make attack`


@dataclass
class Outcome:
    """What an attack did to the site.

    `tried` says what was sent, and how often: "1,200 searches". `failures` are the defenses that failed. `figures` are
    measurements by name, with their units: {"form, median": "12 ms"}.
    """

    tried: str = ""
    failures: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    def check(self, description: str, passed: bool) -> None:
        """Record `description`, which says what must hold, as a failure unless it `passed`."""
        if not passed:
            self.failures.append(description)

    @property
    def held(self) -> bool:
        return not self.failures


Attack = Callable[[Path, float], Outcome]
