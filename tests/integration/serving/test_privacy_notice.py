"""Test the warning about an error tracker that the privacy page doesn't mention."""

import pytest

from layersrank_site.privacy_notice import warn_about_error_tracker
from pages.repository import current

DSN = "https://key@errors.example.com/1"


@pytest.fixture
def privacy(content):
    return content / "privacy.md"


def test_no_tracker_needs_no_mention(privacy, caplog):
    warn_about_error_tracker("")
    assert not caplog.records


def test_a_tracker_that_the_page_does_not_mention(privacy, caplog):
    warn_about_error_tracker(DSN)
    assert "the privacy page doesn't mention errors.example.com" in caplog.text


def test_a_tracker_that_the_page_mentions(privacy, caplog):
    privacy.write_text(privacy.read_text() + "\nReports of errors go to Errors.Example.com.\n")
    current.refresh()
    warn_about_error_tracker(DSN)
    assert not caplog.records


def test_a_site_without_a_privacy_page(privacy, caplog):
    privacy.unlink()
    warn_about_error_tracker(DSN)
    assert "SENTRY_DSN is set" in caplog.text
