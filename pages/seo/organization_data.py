"""The company behind the site, for structured data: contact details, address and profiles from `facts.toml`."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static

from ..content.site_settings import SiteSettings
from ..content.site_words import Words

# ISO 3166-1 codes of the countries in which the company has offices. schema.org also allows the name of a country.
_COUNTRY_CODES = {"India": "IN", "UK": "GB", "United Kingdom": "GB", "US": "US", "USA": "US", "United States": "US"}

Data = dict[str, Any]


def describe_organization(site: SiteSettings, words: Words, site_url: str) -> Data:
    """Return the organization's properties that `site` has, except the name and the URL."""
    organization = site.organization
    headquarters = organization.headquarters
    address = {
        "addressLocality": headquarters.locality,
        "addressRegion": headquarters.region,
        "addressCountry": _country_code(headquarters.country),
    }
    properties = {
        "logo": site_url + static("img/icon.svg"),
        "description": words(site.description),
        "email": site.email,
        "telephone": list(site.phones.values()),
        "foundingDate": organization.founded,
        "address": _typed("PostalAddress", address),
        "parentOrganization": _typed("Organization", {"name": organization.parent}),
        "sameAs": list(organization.profiles),
    }
    return _without_empty(properties)


def _country_code(name: str) -> str:
    return _COUNTRY_CODES.get(name, name)


def _typed(kind: str, data: Data) -> Data:
    """Return `data` as an item of the type `kind`, or an empty dict if all values are empty."""
    values = _without_empty(data)
    return {"@type": kind, **values} if values else {}


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}
