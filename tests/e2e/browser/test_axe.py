"""Run axe-core on every page, with all FAQ answers open.

Playwright injects axe-core, so the page's CSP doesn't block it. A test also fails if axe-core checked almost nothing.
"""

from .every_page import at_both_ends, on_every_page
from .measures import SCHEMES, axe_violations, open_faq_answers


@on_every_page
@at_both_ends
def test_axe_core_finds_no_violations(open_page, axe, path, width):
    page = open_page(path, width, reduced_motion="reduce")
    open_faq_answers(page)
    violations = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        violations += [f"{scheme}: {violation}" for violation in axe_violations(page, axe)]
    assert violations == []
