"""Fixtures for unit tests."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def use_reading_cache(reading_cache) -> None:
    """Cache the results of reading documents in all unit tests."""
