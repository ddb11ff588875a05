"""A word that is longer than a line never widens the page (WCAG 1.4.10)."""

import pytest

from .every_page import on_every_page
from .measures import clipped_text, measure, open_faq_answers, overflowing_elements, overlapping_text

WIDTHS = [320, 704, 705, 768, 960, 1440]
WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeam"[:65]


@on_every_page
def test_a_long_word_in_every_text_of_a_page_fits(open_page, path):
    page = open_page(path, 1440)
    open_faq_answers(page)
    measure(page, "addWord", WORD)
    problems = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        problems[width] = [overflowing_elements(page), clipped_text(page), overlapping_text(page)]
    assert [f"{width} {text}" for width, found in problems.items() for texts in found for text in texts] == []
