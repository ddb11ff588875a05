"""Links, emails and phones lead where they say; dead schemes lead nowhere and keep their words."""

import pytest

from pages.content import blocks


def only(text):
    (block,) = blocks.parse(text)
    return block


def runs(text):
    return only(text).inline.runs


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
def test_a_dead_link_or_image_keeps_its_words_and_leads_nowhere(target):
    link, _, image = runs(f"[words]({target}) ![alternative]({target})")
    assert (link.text, link.href) == ("words", "")
    assert (image.text, image.image) == ("alternative", "")


def test_dead_schemes_are_dead_in_autolinks_and_definitions_too():
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
def test_links_emails_and_phones_lead_where_they_say(text, words, target):
    assert links(text) == {words: target}


@pytest.mark.parametrize(
    "text", ["2 +3 is 5", "`+91 89624 12726`", "C++11 and 20+ hires", "call +123", "layersrank.com"]
)
def test_what_only_looks_like_a_phone_or_an_address_is_no_link(text):
    assert links(text) == {}


def test_an_email_and_a_phone_in_one_line_keep_what_stands_between_them():
    content = only("**Questions?** info@the-algo.com | +91 89624 12726").inline
    assert content.text == "Questions? info@the-algo.com | +91 89624 12726"
    assert [run.column for run in content.runs if run.href] == [16, 36]


def test_an_image_keeps_its_source_and_its_alternative():
    (image,) = runs('![The *team*](/images/team.png "Us")')
    assert (image.image, image.text, image.title) == ("/images/team.png", "The team", "Us")
