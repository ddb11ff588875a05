"""Test the ids of headings in any writing system, and links to these ids."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.content.anchors import slugify
from tests.support.content_samples import document_text, page_of

from .test_missing_targets import problems_in


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("How It Works", "how-it-works"),
        ("What’s New? It's 100%", "whats-new-its-100"),
        ("CI/CD — snake_case", "ci-cd-snake-case"),
        ("Résumé Screening", "résumé-screening"),
        (unicodedata.normalize("NFD", "Résumé"), "résumé"),
        ("भर्ती की प्रक्रिया", "भर्ती-की-प्रक्रिया"),
        ("ตำแหน่งงานที่เปิด", unicodedata.normalize("NFKC", "ตำแหน่งงานที่เปิด")),
        ("வேலை வாய்ப்பு", "வேலை-வாய்ப்பு"),
        ("العَرَبِيَّة", "العَرَبِيَّة"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("❤\ufe0f Love", "love"),
        ("İstanbul", "i̇stanbul"),
        ("…!", "section"),
    ],
)
def test_an_id_keeps_letters_digits_and_marks(text, anchor):
    assert slugify(text) == anchor


@given(st.text())
def test_an_id_is_stable_and_needs_no_escaping(text):
    anchor = slugify(text)
    assert anchor and not anchor.startswith("-") and not anchor.endswith("-")
    assert not set(anchor) & set(" \t\n<>\"'&#%?/")
    assert anchor == slugify(anchor)


@given(st.text("aZ09 -_.!'ÄæЖ中", max_size=100))
def test_an_id_joins_the_words_with_hyphens(text):
    words = "".join(c if c.isalnum() else " " for c in text.replace("'", "").lower()).split()
    assert slugify(text) == ("-".join(words)[:80].rstrip("-") or "section")


HEADINGS = "## Résumé screening\n\nWords.\n\n## भर्ती की प्रक्रिया\n\nMore.\n\n"


@pytest.mark.parametrize(
    "target",
    ["#résumé-screening", "#r%C3%A9sum%C3%A9-screening", "/a#résumé-screening", "/a#r%C3%A9sum%C3%A9-screening",
     "?x=1#résumé-screening", "#भर्ती-की-प्रक्रिया", "#", "#top", "/a#Top", "#end", "#:~:text=Words", "#content"],
)  # fmt: skip
def test_a_link_to_an_anchor_that_browsers_find_is_valid(write, target):
    assert problems_in(write(a=document_text("/a", body=f"{HEADINGS}[It]({target})"))) == []


@pytest.mark.parametrize(
    ("target", "near"),
    [("#Résumé-Screening", "#résumé-screening"), ("#resume-screening", "#résumé-screening"), ("#form", ""),
     ("#input-x7k", ""), ("#result", "")],
)  # fmt: skip
def test_a_link_to_an_anchor_that_browsers_do_not_find_is_an_error(write, target, near):
    [problem] = problems_in(write(a=document_text("/a", body=f"{HEADINGS}[It]({target})")))
    assert problem.rule == "broken-anchor"
    assert problem.help == (f"Did you mean {near}?" if near else "Link to a heading of content/a.md, or to /a.")


def test_a_page_has_the_anchors_of_its_headings_and_of_the_page_template():
    assert page_of("## One\n\n### Two\n").anchors == {"content", "end", "one", "two"}
