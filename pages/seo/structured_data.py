"""Structured data for search engines (https://schema.org), from a page's document, site.toml and facts.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from ..content.components import Cell
from ..content.document import Page
from ..content.facts import Facts
from ..content.markup import text_segments
from ..content.sections.faq import Faq
from ..content.sections.pricing import Plans
from ..content.site_settings import SiteSettings
from .breadcrumbs import Crumb

# Django's json_script escapes these characters too. These characters could close the script element or open a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

# Matches a single price in rupees. A machine can't compare a range or "Custom".
_PRICE = re.compile(r"(?:₹|INR|Rs\.?)\s?(\d[\d,]*(?:\.\d{1,2})?)")
CURRENCY = "INR"

# Matches the unit of a price in its column heading, such as "Per Assessment".
_UNIT = re.compile(r"per (.+)", re.IGNORECASE)

# ISO 3166-1 codes of the countries in which the company has offices. schema.org also allows the name of a country.
_COUNTRY_CODES = {"India": "IN", "UK": "GB", "United Kingdom": "GB", "US": "US", "USA": "US", "United States": "US"}

Data = dict[str, Any]


def structured_data(
    page: Page, crumbs: Sequence[Crumb], site: SiteSettings, site_url: str, canonical: str, image: str
) -> Iterator[SafeString]:
    """Yield the structured data of `page` as JSON-LD, escaped for a script element.

    `canonical` is the page's canonical URL. `image` is the URL of the page's image for shared links.

    The home page describes the organization. It describes no search action, because search engines no longer show
    search actions. There are no ratings, because there are no reviews.
    """
    if page.url == "/":
        yield _script("Organization", _organization(site, site_url))
        website = {"name": site.name, "url": f"{site_url}/", "publisher": {"@id": _organization_id(site_url)}}
        yield _script("WebSite", website)
    if page.meta.is_article:
        yield _script("Article", _article(page, site, site_url, canonical, image))
    if page.meta.language:
        yield _script("WebPage", _web_page(page, site_url))
    if items := _breadcrumb_items(page, crumbs, site_url):
        yield _script("BreadcrumbList", {"itemListElement": items})
    if questions := _questions(page):
        yield _script("FAQPage", {"mainEntity": questions})
    if offers := _offers(page, site.facts):
        yield _script("SoftwareApplication", _application(offers, site, site_url))


def _web_page(page: Page, site_url: str) -> Data:
    """Describe a page with a `Language` line: its language and, for a translation, the original page."""
    original = page.meta.translation_of
    return _without_empty(
        {
            "@id": site_url + page.url,
            "url": site_url + page.url,
            "name": page.meta.title or page.name,
            "inLanguage": page.meta.language,
            "translationOfWork": {"@id": site_url + original} if original else {},
        }
    )


def _organization_id(site_url: str) -> str:
    return f"{site_url}/#organization"


def _organization(site: SiteSettings, site_url: str) -> Data:
    organization = site.organization
    headquarters = organization.headquarters
    address = {
        "addressLocality": headquarters.locality,
        "addressRegion": headquarters.region,
        "addressCountry": _country_code(headquarters.country),
    }
    contacts = [
        _typed("ContactPoint", {"telephone": number, "areaServed": _country_code(place)})
        for place, number in site.phones.items()
    ]
    return _without_empty(
        {
            "@id": _organization_id(site_url),
            "name": site.name,
            "url": f"{site_url}/",
            "logo": site_url + static("img/icon.svg"),
            "description": site.description,
            "email": site.email,
            "contactPoint": contacts,
            "foundingDate": organization.founded,
            "address": _typed("PostalAddress", address),
            "parentOrganization": _typed("Organization", {"name": organization.parent}),
            "sameAs": list(organization.profiles),
        }
    )


def _country_code(name: str) -> str:
    return _COUNTRY_CODES.get(name, name)


def _article(page: Page, site: SiteSettings, site_url: str, canonical: str, image: str) -> Data:
    """Describe an article (https://developers.google.com/search/docs/appearance/structured-data/article)."""
    meta = page.meta
    publisher = {"@type": "Organization", "@id": _organization_id(site_url), "name": site.name}
    person = {"@type": "Organization" if meta.author == site.organization.parent else "Person", "name": meta.author}
    return _without_empty(
        {
            "headline": page.hero.headline_text if page.hero else page.name,
            "description": meta.description,
            "image": image,
            "datePublished": meta.date.isoformat() if meta.date else "",
            "dateModified": day.isoformat() if (day := meta.updated or meta.date) else "",
            "author": publisher if meta.author == site.name else person,
            "publisher": publisher,
            "mainEntityOfPage": canonical,
        }
    )


def _breadcrumb_items(page: Page, crumbs: Sequence[Crumb], site_url: str) -> list[Data]:
    links = [(crumb.name, crumb.href or page.url) for crumb in crumbs if crumb.href or crumb is crumbs[-1]]
    return [
        {"@type": "ListItem", "position": position, "name": name, "item": site_url + href}
        for position, (name, href) in enumerate(links, start=1)
    ]


def _questions(page: Page) -> list[Data]:
    return [
        {
            "@type": "Question",
            "name": item.question_text,
            "acceptedAnswer": {"@type": "Answer", "text": item.answer_text},
        }
        for section in page.sections
        if isinstance(section, Faq)
        for item in section.items
    ]


def _application(offers: list[Data], site: SiteSettings, site_url: str) -> Data:
    return _without_empty(
        {
            "name": site.name,
            "url": f"{site_url}/",
            "description": site.description,
            "applicationCategory": "BusinessApplication",
            "publisher": {"@id": _organization_id(site_url)},
            "offers": offers,
        }
    )


def _offers(page: Page, facts: Facts) -> list[Data]:
    """Return one offer for each plan in the page's first pricing table."""
    tables = (part for section in page.sections for part in section.body if isinstance(part, Plans))
    plans = next(tables, None)
    if plans is None:
        return []
    unit = _UNIT.fullmatch(_text(plans.grid.columns[1]))
    prices = {name: fact.value for fact in facts.group("price").values() for name in fact.names}
    return [_offer(row, unit[1].lower() if unit else "", prices) for row in plans.grid.rows]


def _offer(row: Sequence[Cell], unit: str, prices: Mapping[str, str]) -> Data:
    """Return a plan's offer. The cells of `row` are the plan's name, its price, and its description.

    If `prices` has the plan's name, the price comes from there.
    """
    name, price, *rest = map(_text, row)
    offer: Data = {"@type": "Offer", "name": name, "description": " ".join(filter(None, rest))}
    if match := _PRICE.fullmatch(prices.get(name, price)):
        amount = {"price": match[1].replace(",", ""), "priceCurrency": CURRENCY}
        offer |= amount
        if unit:
            offer["priceSpecification"] = _typed("UnitPriceSpecification", {**amount, "unitText": unit})
    return _without_empty(offer)


def _text(cell: Cell) -> str:
    return " ".join(text_segments(cell.html))


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}


def _typed(kind: str, data: Data) -> Data:
    """Return `data` as a nested item of type `kind`, or an empty dict if all values are empty."""
    values = _without_empty(data)
    return {"@type": kind, **values} if values else {}


def _script(kind: str, data: Mapping[str, Any]) -> SafeString:
    text = json.dumps(
        {"@context": "https://schema.org", "@type": kind, **data}, ensure_ascii=False, separators=(",", ":")
    )
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  escaped for a script element
