"""The structured data of pages of every kind."""

from pathlib import Path

import pytest
from django.test import Client

from ...support.json_ld import Data, graphs_of_every_kind


@pytest.fixture(scope="session")
def rendered_graphs() -> dict[str, Data]:
    """A cache for `every_kind`, because rendering all pages again for each test would take many seconds."""
    return {}


@pytest.fixture
def every_kind(client: Client, content: Path, rendered_graphs: dict[str, Data]) -> dict[str, Data]:
    """The structured data of pages of every kind, by URL. Tests must not change it."""
    if not rendered_graphs:
        rendered_graphs.update(graphs_of_every_kind(client, content))
    return rendered_graphs
