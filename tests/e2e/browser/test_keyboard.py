"""Keyboard navigation on every page."""

import pytest

from ...support import copy_words
from .every_page import EXTRA_DOCUMENTS, SEED_URL, at_both_ends, on_each_kind_of_page
from .measures import backward_steps, focus_each, measure, skipped_by_tab, stops_without_focus_indicator, tab_stops

COMPARISON = copy_words.url(next(path for path in EXTRA_DOCUMENTS if path.stem == "comparison").read_text())


@on_each_kind_of_page
@at_both_ends
def test_the_tab_key_reaches_all_controls_in_order_with_visible_focus(visit, path, width):
    page = visit(path, width)
    stops = tab_stops(page)
    assert stops
    assert skipped_by_tab(page, stops) == []
    assert backward_steps(page, stops) == []
    assert stops_without_focus_indicator(stops) == []
    page.emulate_media(color_scheme="dark")
    stops_in_dark = focus_each(page)
    assert {stop["position"] for stop in stops_in_dark} == {stop["position"] for stop in stops}
    assert stops_without_focus_indicator(stops_in_dark) == []


@on_each_kind_of_page
@at_both_ends
def test_a_link_within_a_page_scrolls_to_its_target(visit, path, width):
    page = visit(path, width)
    found = measure(page, "followLinksWithinPage")
    assert "#content" in found  # the skip link
    assert [problem for problem in found.items() if problem[1]] == []


def test_the_skip_link(open_page):
    page = open_page(SEED_URL)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_faq_items_open_and_close(open_page, key):
    page = open_page(SEED_URL)
    for number in range(page.locator(".faq summary").count()):
        page.locator(".faq summary").nth(number).focus()
        answer = page.locator(".faq .answer").nth(number)
        page.keyboard.press(key)
        assert answer.is_visible()
        page.keyboard.press(key)
        assert answer.is_hidden()


@pytest.mark.parametrize("width", [320, 390])
def test_scrollable_regions_scroll_with_the_keyboard(visit, width):
    page = visit(COMPARISON, width)
    assert measure(page, "unreachableScrollers") == []
    region = page.locator('[role="group"][tabindex="0"]').first
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    assert measure(page, "isScrolledRight")
