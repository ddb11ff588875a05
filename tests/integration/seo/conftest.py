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


@pytest.fixture
def every_kind(html_of_every_kind: dict[str, bytes]) -> dict[str, Data]:
    """The structured data of pages of every kind, by URL."""
    return {url: graph_of(html) for url, html in html_of_every_kind.items()}
