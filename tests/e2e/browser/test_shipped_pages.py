"""Check the shipped content (content/) in a browser. Any document must pass these checks."""

import io

import pytest
from pypdf import PdfReader

from .every_page import SHIPPED_PATHS
from .measures import WIDTHS, axe_contrast_violations, axe_violations, measure, open_faq_answers, overflowing_elements


@pytest.mark.parametrize("path", SHIPPED_PATHS)
def test_a_shipped_page_is_accessible_and_fits_the_window_without_broken_words(open_page, shipped_server, axe, path):
    page = open_page(path, site=shipped_server, reduced_motion="reduce")
    open_faq_answers(page)
    for width in WIDTHS[0], WIDTHS[-1]:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflowing_elements(page) == [], width
        assert measure(page, "brokenWords") == [], width
        page.emulate_media(color_scheme="light")
        assert axe_violations(page, axe) == [], width
        page.emulate_media(color_scheme="dark")
        assert axe_contrast_violations(page, axe) == [], width
    assert page.console_messages == []


def test_each_sample_report_is_printed_on_one_sheet(open_page, shipped_server):
    page = open_page("/resources/sample-report", site=shipped_server)
    for path in SHIPPED_PATHS:
        if path.startswith("/resources/sample-report/"):
            page.goto(shipped_server.url + path)
            assert len(PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages) == 1, path
