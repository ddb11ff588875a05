"""Test where a URL or an email address in plain text ends."""

import sys
import unicodedata
from urllib.parse import unquote

import pytest

from pages.content import blocks
from pages.content.autolinks import MAX_TEXT_LENGTH

URL = "https://example.com/a"
# URLs of real pages contain these marks, for example https://en.wikipedia.org/wiki/Gauss–Markov_theorem.
INSIDE = "\u2010\u2011\u2012\u2013·‧・･"
# PUNCTUATION leaves out #, %, &, -, /, @ and \, since URLs can contain these marks and end with them.
PUNCTUATION = [
    character
    for character in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(character).startswith("P") and character not in "#%&-/@\\"
]


def links(text):
    (paragraph,) = blocks.parse(text)
    return [run for run in paragraph.inline.runs if run.href]


def hrefs(text):
    return [unquote(run.href) for run in links(text)]


def test_a_url_ends_before_punctuation_of_any_writing_system():
    # Python may know characters that the linkify library doesn't know yet. This does no harm, because these
    # characters belong to scripts that nobody uses now.
    wrong = [character for character in PUNCTUATION if hrefs(f"see {URL}{character} now") != [URL]]
    assert [character for character in wrong if ord(character) < 0x1_0000] == []
    assert len(wrong) < 10


@pytest.mark.parametrize("character", sorted({*"“”„‘’‚«»‹›「」『』（）《》【】。、，！？；：…—।॥؟،؛՞։་။៕¿¡〞＂"}))
def test_a_url_ends_before_punctuation_even_if_no_space_follows(character):
    assert hrefs(f"see {URL}{character}now") == [URL]


@pytest.mark.parametrize("character", INSIDE)
def test_hyphens_and_middle_dots_belong_to_a_url_except_at_its_end(character):
    assert hrefs(f"see {URL}{character}b{character} now") == [f"{URL}{character}b"]


@pytest.mark.parametrize("invisible", ["\u200b", "\u200e", "\u202c", "\u2060", "\ufeff", "\u00ad"])
def test_a_url_ends_before_an_invisible_character(invisible):
    assert hrefs(f"see {URL}{invisible} now") == [URL]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"“{URL}”", [URL]),
        (f"„{URL}.“", [URL]),
        (f"« {URL} »", [URL]),
        (f"「{URL}」", [URL]),
        (f"（{URL}）。", [URL]),
        (f"({URL}!)", [URL]),
        (f"{URL}?!…", [URL]),
        (f"{URL}: see", [URL]),
        (f"“https://example.com”, “{URL}”", ["https://example.com", URL]),
        (f"{URL}”{URL}“", [URL, URL]),
        (f"“{URL}?q=b#c”", [f"{URL}?q=b#c"]),
        (f"{URL}_(b)”", [f"{URL}_(b)"]),
        (f"{URL}/, b", [f"{URL}/"]),
        ("“https://hi.wikipedia.org/wiki/हिन्दी।”", ["https://hi.wikipedia.org/wiki/हिन्दी"]),
        ("“https://fa.wikipedia.org/wiki/می\u200cروم”؟", ["https://fa.wikipedia.org/wiki/می\u200cروم"]),
        ("https://“b@example.com/a", ["mailto:b@example.com"]),
        ("„mailto:info@example.com“", ["mailto:info@example.com"]),
        ("info@example.com。", ["mailto:info@example.com"]),
        ("info@example.com”", ["mailto:info@example.com"]),
        ("“info@example.com”", ["mailto:info@example.com"]),
        ("« info@example.com », ‘b@example.com’", ["mailto:info@example.com", "mailto:b@example.com"]),
        ("寫信至：info@example.com。", ["mailto:info@example.com"]),
        ("（info@example.com）", ["mailto:info@example.com"]),
        ("'info@example.com'", ["mailto:info@example.com"]),
        ("O’Brien@example.com, O'Brien@example.com, a\u2011b@example.com", []),
    ],
)
def test_where_a_link_ends(text, expected):
    assert hrefs(text) == expected


def test_the_text_around_a_url_keeps_its_columns():
    (paragraph,) = blocks.parse(f"see “{URL}”, now")
    assert paragraph.inline.text == f"see “{URL}”, now"
    assert [run.column for run in paragraph.inline.runs] == [1, 6, 6 + len(URL)]


def test_urls_in_very_long_paragraphs_are_not_links():
    assert hrefs(f"{URL} " + "a" * MAX_TEXT_LENGTH) == []
