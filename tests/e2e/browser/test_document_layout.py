"""The layout of documents whose structure differs from the author's seed document."""

import pytest

from ...support import copy_words
from .every_page import EXTRA_DOCUMENTS
from .measures import WIDTHS, overflowing_elements


@pytest.fixture(params=EXTRA_DOCUMENTS, ids=lambda path: path.stem)
def url(request):
    """The URL of a document in fixtures/documents."""
    return copy_words.url(request.param.read_bytes().decode())


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_with_all_faq_answers_open(open_page, server, url, width):
    page = open_page(url, width)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    assert overflowing_elements(page) == []
    assert page.console_messages == []
    assert all(url.startswith(server.url) for url in page.requested_urls)


def test_all_sections_are_aligned(open_page, url):
    """All sections have the same left edge and width, whatever their kind."""
    page = open_page(url, 1440)
    edges = page.evaluate("[...document.querySelectorAll('.section h2')].map(e => e.getBoundingClientRect().left)")
    widths = page.evaluate(
        "[...document.querySelectorAll('.section .container')].map(e => e.getBoundingClientRect().width)"
    )
    centered = page.locator(".closing").count()
    assert len(set(edges[: len(edges) - centered])) == 1
    assert len(set(widths)) == 1


def test_a_wide_table_scrolls_only_on_narrow_screens(open_page):
    [document] = [path for path in EXTRA_DOCUMENTS if path.stem == "comparison"]
    path = copy_words.url(document.read_text())
    scrolls = "e => e.scrollWidth > e.clientWidth"
    assert open_page(path, 390).locator(".table-scroll").first.evaluate(scrolls)
    assert not open_page(path, 1440).locator(".table-scroll").first.evaluate(scrolls)
