"""The stored results of the last link check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from ..atomic_files import replace_file

State = Literal["fine", "dead", "moved", "slow", "unclear"]


@dataclass(frozen=True)
class LinkResult:
    """The result of checking an address. `checked` is the time of the check, in ISO format. `note` explains `state`."""

    state: State
    checked: str
    note: str = ""

    def is_fresh(self, now: datetime, days: int) -> bool:
        """Return whether the address was checked in the `days` days before `now`."""
        return 0 <= (now - datetime.fromisoformat(self.checked)).days < days


def load_results(path: Path) -> dict[str, LinkResult]:
    """Return the stored results by address. If the file is missing or damaged, there are none."""
    try:
        stored = json.loads(path.read_bytes())
        results = {url: LinkResult(**entry) for url, entry in stored.items()}
        times = [datetime.fromisoformat(result.checked) for result in results.values()]
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return results if all(time.tzinfo for time in times) else {}


def save_results(path: Path, results: Mapping[str, LinkResult]) -> None:
    with replace_file(path) as file:
        file.write(json.dumps({url: asdict(result) for url, result in results.items()}, indent=1).encode())
