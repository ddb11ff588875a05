"""The software and its offers, for structured data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..content.components import Cell
from ..content.document import Page
from ..content.figures import find_figures, to_figure
from ..content.markup import text_segments
from ..content.sections.pricing import Plans
from ..content.site_settings import SiteSettings
from ..content.site_words import Words

CURRENCY = "INR"

# The key of a fact in facts.toml: how many free assessments a new customer gets.
FREE_ASSESSMENTS = "assessments.free"

# Matches a single price in rupees. A range or "Custom" is no offer, because programs can't compare it with a price.
_PRICE = re.compile(r"(?:₹|INR|Rs\.?)\s?(\d[\d,]*(?:\.\d{1,2})?)")

# Matches the unit of a price in its column heading, such as "Per Assessment".
_UNIT = re.compile(r"per (.+)", re.IGNORECASE)

Data = dict[str, Any]


def offers_on(page: Page, site: SiteSettings, words: Words) -> list[Data]:
    """Return the offers on `page`: the plans in its first pricing table, and the free assessments.

    Leave out a plan without a fixed price. `words` are in the language of `page`.
    """
    tables = (part for section in page.sections for part in section.body if isinstance(part, Plans))
    plans = next(tables, None)
    if plans is None:
        return []
    match = _UNIT.fullmatch(_text(plans.grid.columns[1]))
    unit = match[1].lower() if match else ""
    prices = {name: fact.value for fact in site.facts.group("price").values() for name in fact.names}
    paid = [offer for row in plans.grid.rows if (offer := _plan(row, unit, prices))]
    return [*paid, *_free_assessments(site, words, unit)] if paid else []


def _plan(row: Sequence[Cell], unit: str, prices: Mapping[str, str]) -> Data | None:
    """Return a plan's offer, or None. The cells of `row` are the plan's name, its price, and its description.

    If `prices` has the plan's name, the price comes from `prices`.
    """
    name, price, *rest = map(_text, row)
    match = _PRICE.fullmatch(prices.get(name, price))
    if match is None:
        return None
    offer: Data = {"@type": "Offer", "name": name}
    if description := " ".join(filter(None, rest)):
        offer["description"] = description
    amount = {"price": match[1].replace(",", ""), "priceCurrency": CURRENCY}
    offer |= amount
    if unit:
        offer["priceSpecification"] = {"@type": "UnitPriceSpecification", **amount, "unitText": unit}
    return offer


def _free_assessments(site: SiteSettings, words: Words, unit: str) -> Iterator[Data]:
    """Yield the offer of free assessments, if the setting `offer` states how many there are."""
    free = to_figure(site.facts.value(FREE_ASSESSMENTS))
    is_number = free and free.kind == "count" and free.low == free.high
    if free and is_number and free.value in [figure.value for figure in find_figures(site.offer)]:
        limit = {"@type": "QuantitativeValue", "maxValue": int(free.high)} | ({"unitText": unit} if unit else {})
        offer = {"@type": "Offer", "name": words(site.offer), "price": "0", "priceCurrency": CURRENCY}
        yield {**offer, "eligibleQuantity": limit}


def _text(cell: Cell) -> str:
    return " ".join(text_segments(cell.html))
