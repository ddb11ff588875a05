"""The company behind the site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Organization:
    """Facts about the company, for structured data. A missing setting is empty."""

    parent: str = ""
    founded: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    profiles: tuple[str, ...] = ()
