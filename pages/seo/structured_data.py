"""What machines are told of a page (https://schema.org), all of it from its document and site.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from ..content.components import Cell
from ..content.document import Page
from ..content.markup import text_segments
from ..content.sections.faq import Faq
from ..content.sections.pricing import Plans
from ..content.site_settings import SiteSettings
from .breadcrumbs import Crumb

# As Django's json_script does: these characters could end the element or open a comment in it.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

# A price in rupees, and nothing else: a range, or "Custom", is no price that a machine may compare.
_PRICE = re.compile(r"(?:₹|INR|Rs\.?)\s?(\d[\d,]*(?:\.\d{1,2})?)")
CURRENCY = "INR"

# What a price is for, as its column says: "Per Assessment".
_UNIT = re.compile(r"per (.+)", re.IGNORECASE)

Data = dict[str, Any]


def structured_data(page: Page, crumbs: Sequence[Crumb], site: SiteSettings, site_url: str) -> Iterator[SafeString]:
    """Each thing that `page` tells of, as text that is safe inside a script element.

    The home page says who is behind the site. It offers no search action: search engines no longer show one. Nothing is
    said of ratings, since there are no reviews.
    """
    if page.url == "/":
        yield _script("Organization", _organization(site, site_url))
        website = {"name": site.name, "url": f"{site_url}/", "publisher": {"@id": _organization_id(site_url)}}
        yield _script("WebSite", website)
    if items := _trail(page, crumbs, site_url):
        yield _script("BreadcrumbList", {"itemListElement": items})
    if questions := _questions(page):
        yield _script("FAQPage", {"mainEntity": questions})
    if offers := _offers(page):
        yield _script("SoftwareApplication", _application(offers, site, site_url))


def _organization_id(site_url: str) -> str:
    return f"{site_url}/#organization"


def _organization(site: SiteSettings, site_url: str) -> Data:
    told = site.organization
    address = {"addressLocality": told.locality, "addressRegion": told.region, "addressCountry": told.country}
    return _filled(
        {
            "@id": _organization_id(site_url),
            "name": site.name,
            "url": f"{site_url}/",
            "logo": site_url + static("img/icon.svg"),
            "description": site.description,
            "email": site.email,
            "telephone": next(iter(site.phones.values()), ""),
            "foundingDate": told.founded,
            "address": _typed("PostalAddress", address),
            "parentOrganization": _typed("Organization", {"name": told.parent}),
            "sameAs": list(told.profiles),
        }
    )


def _trail(page: Page, crumbs: Sequence[Crumb], site_url: str) -> list[Data]:
    listed = [(crumb.name, crumb.href or page.url) for crumb in crumbs if crumb.href or crumb is crumbs[-1]]
    return [
        {"@type": "ListItem", "position": position, "name": name, "item": site_url + href}
        for position, (name, href) in enumerate(listed, start=1)
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
    return _filled(
        {
            "name": site.name,
            "url": f"{site_url}/",
            "description": site.description,
            "applicationCategory": "BusinessApplication",
            "publisher": {"@id": _organization_id(site_url)},
            "offers": offers,
        }
    )


def _offers(page: Page) -> list[Data]:
    """An offer for each plan of the first table of plans."""
    tables = (part for section in page.sections for part in section.body if isinstance(part, Plans))
    plans = next(tables, None)
    if plans is None:
        return []
    unit = _UNIT.fullmatch(_words(plans.grid.columns[1]))
    return [_offer(row, unit[1].lower() if unit else "") for row in plans.grid.rows]


def _offer(row: Sequence[Cell], unit: str) -> Data:
    """A plan's name stands in the first column, its price in the second, and whom it is for in the third."""
    name, price, *rest = map(_words, row)
    offer: Data = {"@type": "Offer", "name": name, "description": " ".join(rest)}
    if found := _PRICE.fullmatch(price):
        amount = {"price": found[1].replace(",", ""), "priceCurrency": CURRENCY}
        offer |= amount
        if unit:
            offer["priceSpecification"] = _typed("UnitPriceSpecification", {**amount, "unitText": unit})
    return _filled(offer)


def _words(cell: Cell) -> str:
    return " ".join(text_segments(cell.html))


def _filled(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}


def _typed(kind: str, data: Data) -> Data:
    """`data` as a thing of its own; nothing where all of it is empty."""
    filled = _filled(data)
    return {"@type": kind, **filled} if filled else {}


def _script(kind: str, data: Mapping[str, Any]) -> SafeString:
    text = json.dumps(
        {"@context": "https://schema.org", "@type": kind, **data}, ensure_ascii=False, separators=(",", ":")
    )
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  the three characters that matter are escaped
