"""Run axe-core on every page, with all FAQ answers open.

Playwright injects axe-core, so the page's CSP doesn't block it. A test also fails if axe-core checked almost nothing.
"""

from .every_page import at_both_ends, on_each_kind_of_page
from .measures import axe_contrast_violations, axe_violations, open_faq_answers


@on_each_kind_of_page
@at_both_ends
def test_axe_core_finds_no_violations(visit, axe, path, width):
    page = visit(path, width)
    open_faq_answers(page)
    assert axe_violations(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert axe_contrast_violations(page, axe) == []
