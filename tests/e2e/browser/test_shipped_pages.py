"""Check the shipped content (content/) in a browser. Any document must pass these checks."""

import pytest

from .every_page import SHIPPED_PATHS
from .measures import SCHEMES, WIDTHS, axe_violations, open_faq_answers, overflowing_elements


@pytest.mark.parametrize("path", SHIPPED_PATHS)
def test_a_shipped_page_is_accessible_and_fits_the_window(open_page, shipped_server, axe, path):
    page = open_page(path, site=shipped_server, reduced_motion="reduce")
    open_faq_answers(page)
    for width in WIDTHS[0], WIDTHS[-1]:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflowing_elements(page) == [], width
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert axe_violations(page, axe) == [], (width, scheme)
    assert page.console_messages == []
