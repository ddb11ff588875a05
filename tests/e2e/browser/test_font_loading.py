"""A first visit over a slow network: the page shows the heading font, and nothing moves when the font arrives."""

import pytest

from ...conftest import SEED_URL
from .measures import WIDTHS, measure

# Lighthouse's slow 4G: 150 ms and 1.6 Mbit/s.
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SET_IN_FONT = "h1, th, .eyebrow, .button, .brand, .site-header li a"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [SEED_URL, "/", "/hire", "/start"])
def test_a_first_visit_shows_the_font_without_moving_anything(open_page, server, path, width):
    page = open_page("/livez", width)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    page.goto(server.url + path, wait_until="networkidle")
    assert measure(page, "isFontLoaded")
    assert measure(page, "shifts") == []


def test_headings_and_navigation_and_buttons_and_table_heads_use_the_font(open_page):
    page = open_page(SEED_URL)
    families = page.locator(SET_IN_FONT).evaluate_all("all => all.map(one => getComputedStyle(one).fontFamily)")
    assert {family.split(",")[0] for family in families} == {"Bricolage"}
    assert page.locator("main p").last.evaluate("one => getComputedStyle(one).fontFamily").startswith("system-ui")
