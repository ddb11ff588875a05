"""Test that each page's structured data has the properties that search engines document.

The table `search_engine_properties.toml` lists the properties that are left out, with the reasons.
"""

import tomllib

import pytest

from ...conftest import FIXTURES
from ...support.json_ld import objects_in

TABLE = tomllib.loads((FIXTURES / "search_engine_properties.toml").read_text())


def values_at(item, path, items):
    """Return all values at `path`, such as `author.name`. Each missing value is None.

    A value can be just the ID of another item. Look up this item in `items`.
    """
    key, _, rest = path.partition(".")
    found = item.get(key)
    values = found if isinstance(found, list) else [found]
    if not rest:
        return values
    values = [items[value["@id"]] if value and set(value) == {"@id"} else value for value in values]
    return [each for value in values for each in (values_at(value, rest, items) if value else [None])]


@pytest.fixture
def described(every_kind):
    """Return the items of all pages, keyed by their type, such as “Article”.

    Each item comes as a tuple: the page's URL, the item, and a dict of the page's items that have an ID.
    """
    found, joined = {}, {}
    for url, graph in every_kind.items():
        items = {item["@id"]: item for item in objects_in(graph) if "@id" in item and len(item) > 1}
        for item in graph["@graph"]:
            if TABLE.get(item["@type"], {}).get("joined"):
                joined.setdefault(item["@type"], {}).update(item)
            else:
                found.setdefault(item["@type"], []).append((url, item, items))
    return found | {kind: [("all pages", item, {})] for kind, item in joined.items()}


def test_items_have_each_required_and_recommended_property(described):
    assert described.keys() - TABLE.keys() == {"WebPage"}  # search engines document no properties for WebPage
    for kind, table in TABLE.items():
        left_out = table.get("left_out", {})
        paths = [path for path in (*table["required"], *table["recommended"]) if path not in left_out]
        missing = [
            (url, kind, path)
            for url, item, items in described[kind]
            for path in paths
            if not all(values_at(item, path, items))
        ]
        assert missing == []


def test_properties_with_a_reason_are_in_no_item(described):
    for kind, table in TABLE.items():
        left_out = table.get("left_out", {})
        assert left_out.keys() <= {*table["required"], *table["recommended"]} and all(left_out.values())
        for _, item, items in described[kind]:
            assert not any(any(values_at(item, path, items)) for path in left_out if path != "author.url")
