"""axe-core's rules on every page, with all answers open. It is laid into the page from outside, where no policy of the
page's can refuse it; a page whose rules did not run would have passed nothing, and fails."""

from .every_page import at_both_ends, on_every_page
from .measures import SCHEMES, barriers, open_answers


@on_every_page
@at_both_ends
def test_nothing_is_in_a_visitors_way(open_page, axe, path, width):
    page = open_page(path, width, reduced_motion="reduce")
    open_answers(page)
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {barrier}" for barrier in barriers(page, axe)]
    assert found == []
