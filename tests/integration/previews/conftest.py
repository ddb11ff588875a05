"""Fixtures: a site with a draft, and a function that creates a preview link."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from pages import clock
from pages.models import PreviewLink
from pages.previews import preview_links
from tests.support.content_samples import page_text

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    """The current time, as the only element of a list, so that tests can change it."""
    time = [NOW]
    monkeypatch.setattr(clock, "datetime", SimpleNamespace(now=lambda zone: time[0]))
    return time


@pytest.fixture
def write(content, now):
    """A function that writes a page. `meta` holds extra lines for META.

    The site has the pages that this fixture writes, a form and a calculator.
    """
    for path in content.rglob("*.md"):
        if path.name != "kit.md" and path.stem not in ("start", "roi-calculator"):
            path.unlink()

    def write_page(url, meta="", body="Words.", name="Page"):
        path = content / (f"{url.strip('/')}.md" if url != "/" else "index.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_text(name, url, body, meta))

    write_page("/", body="See [pricing](/pricing), [the draft](/hire/sre) and [its list](/hire).", name="Home")
    write_page("/hire", body="**Pages under:** /hire", name="Hire")
    write_page(
        "/hire/sre", "Status: draft\n", "See [pricing](/pricing?a=1&b=2#c) and [home](/).", "Reliability Engineer"
    )
    write_page("/hire/other", "Status: draft\n", name="Other draft")
    write_page("/pricing", name="Pricing")
    return write_page


@pytest.fixture
def create(db, write):
    """A function that creates a preview link, and returns the link and its path."""

    def create_link(url="/hire/sre", at=None, period=timedelta(days=7)) -> tuple[PreviewLink, str]:
        link = preview_links.create(url, period, at)
        return link, urlsplit(preview_links.full_url(link)).path

    return create_link
