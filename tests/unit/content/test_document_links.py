"""Links in text: URLs, emails, phone numbers, and forbidden schemes."""

import pytest

from pages.content import blocks


def parse_one(text):
    (block,) = blocks.parse(text)
    return block


def runs(text):
    return parse_one(text).inline.runs


def links(text):
    return {run.text: run.href for run in runs(text) if run.href}


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "DATA:text/html;base64,eA==",
        "file:///etc/passwd",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "java&#x09;script:alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "<java\tscript:alert(1)>",
        "&#1;javascript:alert(1)",
        "< javascript:alert(1)>",
    ],
)
def test_link_or_image_with_a_forbidden_scheme_is_plain_text(target):
    link, _, image = runs(f"[words]({target}) ![alternative]({target})")
    assert (link.text, link.href) == ("words", "")
    assert (image.text, image.image) == ("alternative", "")


def test_autolinks_and_link_definitions_with_a_forbidden_scheme_are_not_links():
    assert links("<javascript:alert(1)>") == {}
    assert all(not run.href for block in blocks.parse("[b]: javascript:alert(1)") for run in block.inline.runs)
    assert all(not run.href for block in blocks.parse("[a][b]\n\n[b]: vbscript:x") for run in block.inline.runs)


@pytest.mark.parametrize(
    ("text", "words", "target"),
    [
        ("[a](/b)", "a", "/b"),
        ("[a](#b)", "a", "#b"),
        ("[a](https://x.example)", "a", "https://x.example"),
        ("[a](//x.example)", "a", "//x.example"),
        ("see https://x.example/a.", "https://x.example/a", "https://x.example/a"),
        ("<https://x.example>", "https://x.example", "https://x.example"),
        ("write to info@the-algo.com now", "info@the-algo.com", "mailto:info@the-algo.com"),
        ("call +91 89624 12726 now", "+91 89624 12726", "tel:+918962412726"),
        ("call +1 (720) 334-7249.", "+1 (720) 334-7249", "tel:+17203347249"),
        ("**call +44 7477 204642**", "+44 7477 204642", "tel:+447477204642"),
    ],
)
def test_urls_email_addresses_and_phone_numbers_become_links(text, words, target):
    assert links(text) == {words: target}


@pytest.mark.parametrize(
    "text", ["2 +3 is 5", "`+91 89624 12726`", "C++11 and 20+ hires", "call +123", "layersrank.com"]
)
def test_lookalikes_of_phone_numbers_and_urls_are_not_links(text):
    assert links(text) == {}


def test_text_between_an_email_and_a_phone_number_is_kept():
    content = parse_one("**Questions?** info@the-algo.com | +91 89624 12726").inline
    assert content.text == "Questions? info@the-algo.com | +91 89624 12726"
    assert [run.column for run in content.runs if run.href] == [16, 36]


def test_image_has_source_alt_text_and_title():
    (image,) = runs('![The *team*](/images/team.png "Us")')
    assert (image.image, image.text, image.title) == ("/images/team.png", "The team", "Us")
