"""The search page in a browser: it fits, its marks are legible, and the form works by keyboard and without script."""

import pytest

from .measures import WIDTHS, wider_than_the_page

# Contrast by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, of what the browser computed.
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
def test_nothing_overflows_or_complains(open_page, width, query):
    page = open_page(f"/search{query}", width)
    assert wider_than_the_page(page) == []
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_the_field_are_legible(open_page, scheme):
    page = open_page("/search?q=mlops+training", color_scheme=scheme)
    assert page.locator("mark").first.evaluate(CONTRAST) >= 4.5
    assert page.locator("input[type=search]").evaluate(CONTRAST) >= 4.5


def test_the_form_works_without_script_and_keeps_what_was_typed(open_page):
    page = open_page("/search", java_script_enabled=False)
    page.get_by_label("Search for").fill("real-time & batch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=real-time+%26+batch")
    assert page.get_by_label("Search for").input_value() == "real-time & batch"
    page.locator(".search-results ol a").first.click()
    page.wait_for_url("**#question-3")
