"""Check the shipped content (content/) in a browser. Any document must pass these checks."""

import pytest

from .every_page import SHIPPED_PATHS, at_both_ends
from .measures import SCHEMES, axe_violations, open_faq_answers, overflowing_elements


@pytest.mark.parametrize("path", SHIPPED_PATHS)
@at_both_ends
def test_a_shipped_page_is_accessible_and_fits_the_window(open_page, shipped_server, axe, path, width):
    page = open_page(path, width, site=shipped_server, reduced_motion="reduce")
    open_faq_answers(page)
    assert overflowing_elements(page) == []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert axe_violations(page, axe) == [], scheme
    assert page.console_messages == []
