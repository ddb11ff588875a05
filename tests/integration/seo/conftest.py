"""The structured data of pages of every kind."""

from pathlib import Path

import pytest
from django.test import Client

from ...support.json_ld import Data, graph_of, pages_of_every_kind


@pytest.fixture(scope="session")
def rendered_pages() -> dict[str, bytes]:
    """A cache for `html_of_every_kind`, because rendering all pages again for each test would take many seconds."""
    return {}


@pytest.fixture
def html_of_every_kind(client: Client, content: Path, rendered_pages: dict[str, bytes]) -> dict[str, bytes]:
    """The HTML of pages of every kind, by URL. Tests must not change it."""
    if not rendered_pages:
        rendered_pages.update(pages_of_every_kind(client, content))
    return rendered_pages


@pytest.fixture(scope="session")
def parsed_pages() -> dict[str, Data]:
    """A cache for `every_kind`, because parsing all pages takes half a second."""
    return {}


@pytest.fixture
def every_kind(html_of_every_kind: dict[str, bytes], parsed_pages: dict[str, Data]) -> dict[str, Data]:
    """The structured data of pages of every kind, by URL. Tests must not change it."""
    if not parsed_pages:
        parsed_pages.update({url: graph_of(html) for url, html in html_of_every_kind.items()})
    return parsed_pages
