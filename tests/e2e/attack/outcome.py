"""The outcome of an attack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SHORT = 3.0  # The duration of each attack in tests, in seconds.
LONG = 30.0  # The duration of each attack in `make attack`, in seconds.


@dataclass
class Outcome:
    """The result of an attack on the site.

    `tried` says what was sent, and how often: "1,200 searches". `failures` are the defenses that failed. `figures` are
    measurements by name, with their units: {"form, median": "12 ms"}.
    """

    tried: str = ""
    failures: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    def check(self, description: str, passed: bool) -> None:
        """Record a failure unless `passed` is True. `description` says what must be true."""
        if not passed:
            self.failures.append(description)

    @property
    def held(self) -> bool:
        return not self.failures


Attack = Callable[[Path, float], Outcome]
