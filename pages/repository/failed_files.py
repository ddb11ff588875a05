"""The files that can't be made from their pages, for reasons that the checker doesn't detect.

Only the publisher process knows these files. This is enough, because it renders all stored responses.
"""

from __future__ import annotations

_paths: frozenset[str] = frozenset()


def paths() -> frozenset[str]:
    return _paths


def replace(failed: frozenset[str]) -> None:
    global _paths
    _paths = failed
