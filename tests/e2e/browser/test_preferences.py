"""Visitors' preferences: zoom, text size, dark mode, forced colors, reduced motion, and no JavaScript."""

import pytest

from .every_page import SEED_URL, on_each_kind_of_page, on_every_page
from .measures import (
    SCHEMES,
    animations,
    clipped_text,
    focus_each,
    low_contrast_text,
    measure,
    open_faq_answers,
    overflowing_elements,
    overlapping_text,
    stops_without_focus_indicator,
)

INNER_TEXT = "document.body.innerText"


@on_each_kind_of_page  # test_every_page.py measures all pages at this width, without zoom
def test_no_horizontal_scrolling_at_400_percent_zoom(open_page, path):
    page = open_page(path, 1280 // 4, 1024 // 4, device_scale_factor=4)
    open_faq_answers(page)
    assert overflowing_elements(page) == []
    assert clipped_text(page) == []


@on_every_page
def test_text_is_not_clipped_at_200_percent_font_size(open_page, path):
    page = open_page(path)
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload(wait_until="load")
    open_faq_answers(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= before * 1.9
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflowing_elements(page) == [], width
        assert clipped_text(page) == [], width
        assert overlapping_text(page) == [], width


@on_each_kind_of_page
def test_page_follows_the_preferred_color_scheme(visit, path):
    page = visit(path)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        background, text = measure(page, "bodyLuminances")
        assert (background < 0.1 and text > 0.6) if scheme == "dark" else (background > 0.8 and text < 0.1)


@on_each_kind_of_page
def test_reduced_motion_disables_animations(open_page, path):
    page = open_page(path, reduced_motion="reduce")
    for link in page.locator("a.button, summary, .cards a").all()[:3]:
        link.hover()
    assert animations(page) == []


@on_each_kind_of_page
def test_text_and_controls_are_visible_in_forced_colors_mode(visit, path):
    page = visit(path)
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    open_faq_answers(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert low_contrast_text(page) == [], scheme
        assert measure(page, "withoutBorder", ".button") == [], scheme
        assert measure(page, "withoutMarker", "td.great, td.flag") == [], scheme
    assert stops_without_focus_indicator(focus_each(page)) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_drawings_are_visible_in_forced_colors_mode(open_page, scheme):
    page = open_page(SEED_URL, forced_colors="active", color_scheme=scheme)
    assert measure(page, "lowContrastShapes", "main svg *:is(rect, circle, path, line)") == []


@on_each_kind_of_page
def test_text_is_complete_without_javascript(open_page, visit, path):
    plain = open_page(path, java_script_enabled=False)
    assert plain.evaluate(INNER_TEXT) == visit(path).evaluate(INNER_TEXT)
    assert plain.locator("h1").is_visible()


def test_faq_items_open_without_javascript(open_page):
    page = open_page(SEED_URL, 390, 844, java_script_enabled=False)
    answers = page.locator(".faq .answer")
    assert answers.count() and not any(answer.is_visible() for answer in answers.all())
    for question in page.locator(".faq summary").all():
        question.click()
    assert all(answer.is_visible() for answer in answers.all())
