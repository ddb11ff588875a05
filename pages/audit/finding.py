"""A problem that the audit finds on a site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong at `url`, and how to mend it."""

    url: str
    message: str
    help: str
