"""The company behind the site, as `facts.toml` describes it."""

from __future__ import annotations

from dataclasses import dataclass

from .facts import Facts


@dataclass(frozen=True)
class Address:
    """An address such as “Indore, Madhya Pradesh, India”. A missing part is empty."""

    locality: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True)
class Organization:
    """Facts about the company, for structured data. A missing fact is empty."""

    parent: str = ""
    founded: str = ""
    headquarters: Address = Address()
    profiles: tuple[str, ...] = ()


def organization_of(facts: Facts) -> Organization:
    """Return the facts about the company."""
    profiles = tuple(fact.value for fact in facts.group("profile").values())
    headquarters = parse_address(facts.value("address.headquarters"))
    return Organization(facts.value("company.parent"), facts.value("company.founded"), headquarters, profiles)


def parse_address(text: str) -> Address:
    """Return the parts of an address: the city, the region if there is one, and the country."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return Address(parts[0])
    return Address(parts[0], ", ".join(parts[1:-1]), parts[-1])
