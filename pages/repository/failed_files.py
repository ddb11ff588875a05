"""The files that can't be made from their pages, although the checker found no reason.

Only the publisher's process knows these files. It renders the stored responses.
"""

from __future__ import annotations

_paths: frozenset[str] = frozenset()


def paths() -> frozenset[str]:
    return _paths


def replace(failed: frozenset[str]) -> None:
    global _paths
    _paths = failed
