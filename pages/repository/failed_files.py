"""The files that can't be made from their pages, for reasons that the checker doesn't detect.

The publisher process keeps this list in memory, and passes it to the processes that render pages for it. Other
processes don't need the list, because they don't render stored responses.
"""

from __future__ import annotations

from hashlib import blake2b

_paths: frozenset[str] = frozenset()


def paths() -> frozenset[str]:
    return _paths


def digest() -> str:
    """Return a hash of the list of failed files. The hash is the same in all processes."""
    return blake2b("\n".join(sorted(_paths)).encode(), digest_size=8).hexdigest()


def replace(failed: frozenset[str]) -> None:
    global _paths
    _paths = failed
