"""Test that a request sees only one library, even if another library is loaded in the meantime."""

from dataclasses import replace

import pytest
from django.test import Client

from pages.repository import current

from ...conftest import SEED_URL


@pytest.fixture
def changing_library(content, monkeypatch):
    """Make get_library() return an incomplete library once, then complete ones. Return the list of these libraries."""
    complete = current.get_library()
    lookups = []

    def get_library():
        lookups.append(complete if lookups else replace(complete, is_complete=False))
        return lookups[-1]

    monkeypatch.setattr(current, "get_library", get_library)
    return lookups


@pytest.mark.parametrize("path", ["/", SEED_URL, "/sitemap.xml", "/llms.txt", "/resources/roi-calculator"])
def test_a_response_from_an_incomplete_library_is_not_cached(changing_library, path):
    response = Client().get(path)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert len(changing_library) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/no-such-page", 503),
        ("GET", "/site.webmanifest", 200),
        ("POST", SEED_URL, 405),
        ("POST", "/start", 403),
    ],
)
def test_every_view_looks_up_the_library_once(changing_library, method, path, status):
    assert Client(enforce_csrf_checks=True).generic(method, path).status_code == status
    assert len(changing_library) == 1
