"""The shipped content in a browser: checks that hold for any document that a marketer may write."""

import pytest

from .every_page import SHIPPED_PATHS, at_both_ends
from .measures import SCHEMES, barriers, open_answers, wider_than_the_page


@pytest.mark.parametrize("path", SHIPPED_PATHS)
@at_both_ends
def test_a_shipped_page_is_accessible_and_fits_its_width(open_page, shipped_server, axe, path, width):
    page = open_page(path, width, site=shipped_server, reduced_motion="reduce")
    open_answers(page)
    assert wider_than_the_page(page) == []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert barriers(page, axe) == [], scheme
    assert page.complaints == []
