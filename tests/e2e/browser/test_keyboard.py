"""Every page by keyboard alone."""

import pytest

from ...support import copy_words
from .every_page import OTHER_SHAPES, SEED_URL, at_both_ends, on_every_page
from .measures import SCHEMES, backward_steps, keyboard_walk, measure, unreached, unseen_stops

COMPARISON = copy_words.url(next(path for path in OTHER_SHAPES if path.stem == "comparison").read_text())


@on_every_page
@at_both_ends
def test_it_goes_down_the_page_stop_by_stop_and_shows_where_it_stands(open_page, path, width):
    page = open_page(path, width, reduced_motion="reduce")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        stops = keyboard_walk(page)
        assert stops
        assert unreached(page, stops) == []
        assert backward_steps(page, stops) == []
        assert unseen_stops(stops) == [], scheme


@on_every_page
@at_both_ends
def test_in_page_links_lead_to_where_they_say(open_page, path, width):
    page = open_page(path, width, reduced_motion="reduce")
    lost = {}
    links = page.locator('a[href^="#"]').all()
    for link in filter(lambda link: link.is_visible(), links):
        href = link.get_attribute("href")
        link.focus()
        page.keyboard.press("Enter")
        if wrong := measure(page, "arrivedAt", href[1:]):
            lost[href] = wrong
    assert lost == {}


def test_the_first_stop_skips_to_the_content_and_the_next_is_in_it(open_page):
    page = open_page(SEED_URL)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_questions_open_and_close(open_page, key):
    page = open_page(SEED_URL)
    for number in range(page.locator(".faq summary").count()):
        page.locator(".faq summary").nth(number).focus()
        answer = page.locator(".faq .answer").nth(number)
        page.keyboard.press(key)
        assert answer.is_visible()
        page.keyboard.press(key)
        assert answer.is_hidden()


@pytest.mark.parametrize("width", [320, 390])
def test_what_scrolls_by_itself_scrolls_by_keyboard(open_page, width):
    page = open_page(COMPARISON, width, reduced_motion="reduce")
    assert measure(page, "unreachableScrollers") == []
    region = page.locator('[role="group"][tabindex="0"]').first
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    assert measure(page, "scrolledRight")
