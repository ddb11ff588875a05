"""Mistakes of a marketer: the checker reports each on its line and says what to write. The page shows the text."""

import pytest

from tests.support.marketer import FIRST_LINE

# Each case: a text, the rule and the line of its problem (0 is the first line), and a part of the checker's advice.
SLIPS = {
    "a misspelled heading of a section": ("## HERO SECTON\n\nWords.", "misspelled-name", 0, "HERO SECTION"),
    "a misspelled label": ("## HERO\n\n**Headline:** Prices\n\n**Subhed:** Ours", "misspelled-name", 4, "Subhead"),
    "an arrow of two characters in a button": ("**[See the roles -> /hire]**", "cta-arrow", 0, "→"),
    "the code of an embedded video": (
        '<div class="video">\n<iframe src="https://example.com/e"></iframe>\n<script src="https://example.com/e.js"></script>\n'
        "</div>",
        "html",
        0,
        "",
    ),
    "an image as data": ("![A dot](data:image/png;base64,iVBORw0KGgo=)", "link-scheme", 0, ""),
    "a link without https": ("See [our app](www.example.com).", "broken-link", 0, "https://www.example.com"),
    "a link to a page that does not exist": ("See [the roles](/hires).", "broken-link", 0, "/hire"),
    "a link to a file's name": ("See [the role](hire/data-engineer.md).", "broken-link", 0, "/hire/data-engineer"),
    "a link to a missing heading": ("See [it](/start#in-shot).", "broken-anchor", 0, "in-short"),
    "a button without a target": ("**[Book a Demo]**", "cta-target", 0, "→ /"),
    "a missing image": ("![A panel](images/panel.png)", "missing-image", 0, "path"),
    "an image from another site": ("![A panel](https://example.com/a.png)", "missing-image", 0, ""),
    "a video that is only an address": ("https://www.youtube.com/watch?v=aqz-KE-bpKQ", "video-link", 0, ""),
    "a table without its second row": ("| Plan | Price |\n| Starter | 2 |", "broken-markdown", 0, "|---|---|"),
    "a name after a hyphen in a quotation": ("> Read it.\n> - Priya Sharma, Head of Data", "attribution", 1, "— Priya"),
    "another tool's callout": ("> [!INFO]\n> Mind this.", "callout", 0, "[!NOTE]"),
    "a mark without a footnote": ("Most teams differ.[^a]", "footnote", 0, "[^a]:"),
    "a heading that skips a level": ("#### Details\n\nWords.", "heading-jump", 0, "###"),
    "a link whose text says nothing": ("For our roles, [click here](/hire).", "bare-link-text", 0, ""),
    "a checkbox without a space": ("- [x] Agree\n- [] Invite", "unsupported-markdown", 1, "- [ ]"),
    "words crossed out with one tilde": ("Some ~struck~ words", "unsupported-markdown", 0, "~~text~~"),
    "a phone number as a link": ("[Call us](+91 89624 12726)", "unsupported-markdown", 0, "(tel:+918962412726)"),
    "an address copied from the preview": ("See [it](http://127.0.0.1:8000/start).", "broken-link", 0, "Write /start"),
    "a button to an incomplete address": ("**[See the roles → hire]**", "cta-target", 0, "→ /hire"),
    "a file of the own computer": ("[The prices](file:///Users/priya/prices.pdf)", "link-scheme", 0, "files/"),
    "a forgotten TODO": ("TODO: the price", "gap", 0, ""),
    "a figure to come": ("Our price is TK.", "unfinished-text", 0, "Finish the text"),
    "a mistyped address": ("See https//example.com/a", "unsupported-markdown", 0, "https://example.com/a"),
    "a checkbox without a hyphen": ("[ ] Agree", "unsupported-markdown", 0, "- [ ]"),
    "letters in place of a list": ("a) Agree\nb) Invite", "broken-markdown", 0, "1. "),
    "a button whose address is outside": ("**[Roles] → /hire**", "broken-markdown", 0, "**[Roles → /hire]**"),
    "an address without https": ("Website: www.example.com", "unsupported-markdown", 0, "https://www.example.com"),
    "a line that begins with a tab": ("\tOur offer", "broken-markdown", 0, "Delete the space"),
    "a divider directly under a line": ("## OFFER\n\nOurs\n-----\n\nWords.", "broken-markdown", 3, "empty line"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_the_checker_names(marketer, slip):
    text, rule, line, advice = SLIPS[slip]
    marketer.write_page("pricing", text)
    [report] = marketer.reports()
    assert (report["path"], report["line"], report["rule"]) == ("content/pricing.md", FIRST_LINE + line, rule)
    assert report["help"] and advice in report["help"]
    assert marketer.get("/pricing").status_code == 200


# Each case: a line in the syntax of another tool, and a part of the checker's advice.
OTHER_TOOLS = {
    ":::note": "[!NOTE]",
    "[TOC]": "",
    "Prices {#prices}": "",
    "Go :rocket:": "🚀",
    "Dear {{ first_name }}": "",
    "{% include prices.html %}": "",
    "See [[Pricing]] now": "](/",
    "![[panel.png]]": "](images/",
    "Some ==marked== words": "**bold**",
    "Water is H~2~O": "H₂O",
    "[gallery]": "",
    "Some [b]bold[/b] words": "Markdown",
    "h2. Prices": "## ",
    "!!! tip": "[!NOTE]",
}


def test_a_document_with_the_forms_of_other_tools(marketer):
    marketer.write_page("pricing", "\n\n".join(OTHER_TOOLS))
    lines = [FIRST_LINE + 2 * number for number in range(len(OTHER_TOOLS))]
    assert marketer.problems() == [f"pricing.md:{line}: unsupported-markdown" for line in lines]
    for report, advice in zip(marketer.reports(), OTHER_TOOLS.values(), strict=True):
        assert advice in report["help"], report["help"]
    shown = marketer.text("/pricing")
    assert [line for line in OTHER_TOOLS if line not in shown] == []


@pytest.mark.parametrize("line", ["## start", "## https://www.layersrank.com/start", "/start"])
def test_the_checker_names_a_url_line_in_another_form(marketer, line):
    marketer.edit("start.md", "## /start\n", f"{line}\n")
    [report] = marketer.reports()
    assert marketer.problems() == ["start.md:2: bad-url"] and report["help"] == "Write ## /start"
    assert marketer.get("/start").status_code == 200


# Each case: lines of META, the rule of their problem, and a part of the checker's advice.
META = {
    "a date in another form": ("Publish: 30.11.2026", "meta-value", "2026-11-30"),
    "a day instead of a date": ("Updated: next Monday", "meta-value", ""),
    "a misspelled key": ("Keyword: prices", "unknown-meta-key", "Keywords"),
    "an author without a date": ("Author: Asha Rao", "article-line", "Date"),
    "a canonical page that does not exist": ("Canonical: /prices", "canonical-target", "URL"),
}


@pytest.mark.parametrize("slip", META)
def test_in_meta_the_checker_names(marketer, slip):
    line, rule, advice = META[slip]
    marketer.write_page("start", meta=f"{line}\n")
    [report] = [each for each in marketer.reports() if each["path"] == "content/start.md"]
    assert (report["line"], report["rule"]) == (9, rule) and advice in report["help"]


def test_a_key_that_resembles_no_other_has_no_misleading_hint(marketer):
    marketer.write_page("start", meta="Tags: prices\n")
    [report] = marketer.reports()
    assert report["rule"] == "unknown-meta-key" and "Did you mean" not in report["help"]
    assert marketer.get("/start").status_code == 200


def test_fix_corrects_what_has_one_right_answer(marketer):
    marketer.write_page("pricing", "**[See the roles -> /hire]**\n\nSome **bold **words, and [the roles](/Hire/).")
    assert len(marketer.problems()) == 3
    marketer.run("check_content", "--fix")
    assert marketer.problems() == []
    text = (marketer.folder / "pricing.md").read_text()
    assert "**[See the roles → /hire]**\n\nSome **bold** words, and [the roles](/hire)." in text
