"""Compounds with a short part (“end-to-end”), scores (“72 ± 4”) and products (“10 × ₹1,800”) stay on one line."""

import pytest

from pages.content.markup import text_segments

from ...support.content_samples import page_of


def html_of(text):
    return page_of(f"## WORDS\n\n{text}").sections[-1].body[0].html


@pytest.mark.parametrize(
    "compound", ["well-architected", "notebook-to-production", "End-to-end", "Prä-test", "A-b", "5–20", "40-50"]
)
def test_a_compound_with_a_short_part_stays_on_one_line(compound):
    assert f'(<span class="compound">{compound}</span>), ' in html_of(f"It is ({compound}), of **two** kinds.")


@pytest.mark.parametrize(
    "word",
    [
        "machine-learning",
        "donaudampf-on-schifffahrt",
        "`well-built`",
        "a@the-shop.in",
        "the-shop.in",
        "x/on-call",
        "720-334-7249",
    ],
)
def test_other_words_may_break(word):
    assert "compound" not in html_of(f"It is {word}, of two kinds.")


def test_the_text_stays_as_written():
    assert text_segments(html_of("A well-architected *end-to-end* test & [on-call](/on-call) duty.")) == [
        "A well-architected end-to-end test & on-call duty."
    ]


@pytest.mark.parametrize("sign", ["±", "×"])
def test_a_score_or_a_product_stays_on_one_line(sign):
    assert f">It is 10\u00a0{sign}\u00a0₹1,800 = x.<" in html_of(f"It is 10 {sign} ₹1,800 = x.")
