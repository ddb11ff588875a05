"""Every page at every width: no overflow, layout shifts, console messages, third-party requests or small targets."""

import pytest

from .every_page import MISSING_PATH, SEED_URL, at_both_ends, at_every_width, on_each_kind_of_page, on_every_page
from .measures import (
    clipped_text,
    layout_shifts,
    measure,
    open_faq_answers,
    overflowing_elements,
    overlapping_text,
    small_targets,
)
from .slow_proxy import slow_proxy

NOT_FOUND_MESSAGE = "Failed to load resource: the server responded with a status of 404 (Not Found)"
FONT = "**/*.woff2"


@on_every_page
@at_every_width
def test_pages_have_no_layout_problems_at_any_width(open_page, server, path, width):
    page = open_page(path, width)
    assert layout_shifts(page) == []
    open_faq_answers(page)
    assert overflowing_elements(page) == []
    assert clipped_text(page) == []
    assert overlapping_text(page) == []
    assert small_targets(page) == []
    assert page.console_messages == ([NOT_FOUND_MESSAGE] if path == MISSING_PATH else [])
    assert [url for url in page.requested_urls if not url.startswith(server.url)] == []


@at_both_ends
@pytest.mark.parametrize("path", [SEED_URL, "/contact", MISSING_PATH])
def test_a_slowly_loading_page_has_no_layout_shift(open_page, server, path, width):
    page = open_page("/livez", width)
    with slow_proxy(server.url) as url:
        page.goto(url + path, wait_until="load")
        assert layout_shifts(page) == []


@pytest.mark.parametrize("width", [320, 360, 768])
def test_the_header_shows_the_whole_name_and_the_whole_label_of_the_button(open_page, width):
    parts = open_page(SEED_URL, width).locator(".site-header :is(.brand, .button)")
    assert parts.count() == 2
    assert parts.evaluate_all("parts => parts.filter(part => part.scrollWidth > part.clientWidth).length") == 0


@on_each_kind_of_page
def test_a_first_visit_makes_at_most_four_requests(open_page, path):
    """The limit excludes images in documents, but includes the icon and the web manifest.

    Chromium doesn't report the requests for the icon and the web manifest, so the test adds them.
    """
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    images = set(page.evaluate("[...document.images].map(image => image.currentSrc)"))
    links = "[...document.querySelectorAll('link[rel=manifest], link[type*=svg]')]"
    hidden = set(page.evaluate(f"{links}.map(link => link.href)"))
    assert hidden and len((set(page.requested_urls) | hidden) - images) <= 4


def test_the_browser_prefetches_a_page_when_the_visitor_points_at_its_link(open_page, server):
    page = open_page("/pricing")
    with page.expect_request(server.url + SEED_URL):
        page.locator(f"a[href='{SEED_URL}']").first.hover()
    assert page.console_messages == []


@on_every_page
def test_a_late_font_causes_no_layout_shift(open_page, path):
    page = open_page("/livez", 390, 664)  # the part of a phone's screen below the address bar
    pending = []
    page.route(FONT, lambda route: pending.append(route))
    page.goto(page.url.replace("/livez", path), wait_until="domcontentloaded")
    assert measure(page, "isPainted") and pending
    for route in pending:
        route.continue_()
    assert measure(page, "isFontLoaded")
    assert layout_shifts(page) == []
