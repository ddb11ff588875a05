"""The structured data of a page, parsed from its HTML."""

import json
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup

Data = dict[str, Any]


def graph_of(html: str | bytes) -> Data:
    """Return the page's JSON-LD graph."""
    [script] = BeautifulSoup(html, "html.parser").find_all("script", type="application/ld+json")
    return json.loads(script.string)


def items_of(html: str | bytes) -> dict[str, Data]:
    """Return the items of the page's graph by type. The page has at most one item of each type."""
    items = graph_of(html)["@graph"]
    by_type = {item["@type"]: item for item in items}
    assert len(by_type) == len(items)
    return by_type


def objects_in(value: object) -> Iterator[Data]:
    """Yield each object in `value`, at any depth."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(child)
