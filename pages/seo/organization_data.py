"""The company behind the site, for structured data: contact details, address and profiles from `facts.toml`."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static

from ..content.document import Page
from ..content.facts import VALUE_MARK, Fact
from ..content.site_settings import SiteSettings
from ..content.site_words import Words

# ISO 3166-1 codes of the countries in which the company has offices. schema.org also allows the name of a country.
_COUNTRY_CODES = {"India": "IN", "UK": "GB", "United Kingdom": "GB", "US": "US", "USA": "US", "United States": "US"}

Data = dict[str, Any]


def contact_details(site: SiteSettings, words: Words, site_url: str) -> Data:
    """Return what the footer says about the organization, and the logo. Missing values are left out."""
    properties = {
        "logo": site_url + static("img/icon.svg"),
        "description": words(site.description),
        "email": site.email,
        "telephone": list(site.phones.values()),
    }
    return _without_empty(properties)


def stated_facts(site: SiteSettings, page: Page) -> Data:
    """Return the facts about the organization that the text of `page` states, and the profiles that `page` links to.

    Google asks sites not to mark up content that readers of the page can't see
    (https://developers.google.com/search/docs/appearance/structured-data/sd-policies).
    """
    organization, text = site.organization, " ".join(page.plain_text.split())
    headquarters, links = organization.headquarters, {link.href for link in page.links}
    address = {
        "addressLocality": headquarters.locality,
        "addressRegion": headquarters.region,
        "addressCountry": _country_code(headquarters.country),
    }

    def is_stated(name: str) -> bool:
        fact = site.facts.facts.get(name)
        return fact is not None and _states(text, fact)

    properties = {
        "foundingDate": organization.founded if is_stated("company.founded") else "",
        "address": _typed("PostalAddress", address) if is_stated("address.headquarters") else {},
        "parentOrganization": _typed(
            "Organization", {"name": organization.parent if is_stated("company.parent") else ""}
        ),
        "sameAs": [url for url in organization.profiles if url in links],
    }
    return _without_empty(properties)


def _states(text: str, fact: Fact) -> bool:
    """Return whether `text` has the value of `fact`. If the fact has phrases, the text must have one of them, too."""
    if fact.value not in text:
        return False
    phrases, lowered = [phrase.replace(VALUE_MARK, fact.value).lower() for phrase in fact.phrases], text.lower()
    return not phrases or any(phrase in lowered for phrase in phrases)


def _country_code(name: str) -> str:
    return _COUNTRY_CODES.get(name, name)


def _typed(kind: str, data: Data) -> Data:
    """Return the values of `data` that aren't empty, with the type `kind`. If there are none, return an empty dict."""
    values = _without_empty(data)
    return {"@type": kind, **values} if values else {}


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}
