"""Documents of other shapes than the seed's, in a browser."""

import pytest

from ...support import copy_words
from .every_page import OTHER_SHAPES
from .measures import WIDTHS, wider_than_the_page


@pytest.fixture(params=OTHER_SHAPES, ids=lambda path: path.stem)
def url(request):
    """The URL of a document that the server has among the site's own."""
    return copy_words.url(request.param.read_bytes().decode())


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_or_complains_with_all_answers_open(open_page, server, url, width):
    page = open_page(url, width)
    page.evaluate("document.querySelectorAll('details').forEach(answer => { answer.open = true })")
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    assert wider_than_the_page(page) == []
    assert page.complaints == []
    assert all(fetched.startswith(server.url) for fetched in page.fetched)


def test_text_stands_within_the_page_s_width_and_columns(open_page, url):
    """Every section begins at the same left edge: none is narrower, or moved, for its kind."""
    page = open_page(url, 1440)
    edges = page.evaluate("[...document.querySelectorAll('.section h2')].map(e => e.getBoundingClientRect().left)")
    wraps = page.evaluate(
        "[...document.querySelectorAll('.section .container')].map(e => e.getBoundingClientRect().width)"
    )
    centered = page.locator(".closing").count()
    assert len(set(edges[: len(edges) - centered])) == 1
    assert len(set(wraps)) == 1


def test_a_wide_table_scrolls_by_itself_only_where_it_must(open_page):
    [document] = [path for path in OTHER_SHAPES if path.stem == "comparison"]
    path = copy_words.url(document.read_text())
    scrolls = "e => e.scrollWidth > e.clientWidth"
    assert open_page(path, 390).locator(".table-scroll").first.evaluate(scrolls)
    assert not open_page(path, 1440).locator(".table-scroll").first.evaluate(scrolls)
