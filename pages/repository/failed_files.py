"""The files that can't be made from their pages, for reasons that the checker doesn't detect.

The publisher process keeps this list in memory. No other process needs the list, because the publisher process renders
all stored responses.
"""

from __future__ import annotations

_paths: frozenset[str] = frozenset()


def paths() -> frozenset[str]:
    return _paths


def replace(failed: frozenset[str]) -> None:
    global _paths
    _paths = failed
