"""Every page at every width: nothing reaches over an edge, moves, complains, comes from elsewhere, or is too small."""

import pytest

from .every_page import NOWHERE, SEED_URL, at_both_ends, at_every_width, on_every_page
from .measures import cut_words, measure, open_answers, overlapping_words, shifts, small_targets, wider_than_the_page
from .slow_wire import slow_wire

MISSING = "Failed to load resource: the server responded with a status of 404 (Not Found)"
FONT = "**/*.woff2"


@on_every_page
@at_every_width
def test_it_stands_still_and_within_its_edges_without_a_complaint(open_page, server, path, width):
    page = open_page(path, width)
    assert shifts(page) == []
    open_answers(page)
    assert wider_than_the_page(page) == []
    assert cut_words(page) == []
    assert overlapping_words(page) == []
    assert small_targets(page) == []
    assert page.complaints == ([MISSING] if path == NOWHERE else [])
    assert [url for url in page.fetched if not url.startswith(server.url)] == []


@at_both_ends
@pytest.mark.parametrize("path", [SEED_URL, "/contact", NOWHERE])
def test_a_page_that_comes_in_pieces_moves_nothing(open_page, server, path, width):
    page = open_page("/livez", width)
    with slow_wire(server.url) as url:
        page.goto(url + path, wait_until="load")
        assert shifts(page) == []


def test_a_first_visit_fetches_four_things_at_most(open_page):
    page = open_page(SEED_URL)
    page.wait_for_load_state("networkidle")
    assert len(page.fetched) <= 4


@on_every_page
def test_a_face_that_comes_late_moves_nothing(open_page, path):
    page = open_page("/livez", 390)
    held = []
    page.route(FONT, lambda route: held.append(route))
    page.goto(page.url.replace("/livez", path), wait_until="domcontentloaded")
    assert measure(page, "painted") and held
    for route in held:
        route.continue_()
    assert measure(page, "lettered")
    assert shifts(page) == []
