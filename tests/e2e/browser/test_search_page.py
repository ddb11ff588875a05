"""The search page in a browser: layout, contrast, and use without JavaScript."""

import pytest

from .measures import WIDTHS, overflowing_elements

# The contrast ratio of the computed colors (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
CONTRAST = """element => {
    const light = color => {
        const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(v => v / 255)
            .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const style = getComputedStyle(element);
    const [high, low] = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
    return (high + .05) / (low + .05);
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("query", ["", "?q=mlops+training", "?q=" + "x" * 200, "?q=mlosp"])
def test_nothing_overflows(open_page, width, query):
    page = open_page(f"/search{query}", width)
    assert overflowing_elements(page) == []
    assert page.console_messages == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_field_and_highlighted_words_have_enough_contrast(open_page, scheme):
    page = open_page("/search?q=mlops+training", color_scheme=scheme)
    assert page.locator("mark").first.evaluate(CONTRAST) >= 4.5
    assert page.locator("input[type=search]").evaluate(CONTRAST) >= 4.5


def test_the_form_works_without_javascript_and_keeps_the_query(open_page):
    page = open_page("/search", java_script_enabled=False)
    page.get_by_label("Role, skill, or question").fill("real-time & batch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=real-time+%26+batch")
    assert page.get_by_label("Role, skill, or question").input_value() == "real-time & batch"
    page.locator(".search-results ol a").first.click()
    page.wait_for_url("**#question-3")
