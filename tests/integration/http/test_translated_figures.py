"""Calculators, reports, charts and duels on pages in other languages: the site's own words are translated."""

import re

import pytest
from bs4 import BeautifulSoup

from pages.content.markup import text_segments
from pages.content.site_words import WORDS
from pages.repository import current

from ...support.content_samples import keep_documents

CALCULATOR = "/resources/roi-calculator"


def translated(text):
    """Return a translation without Latin letters. Names of values, such as {count}, stay."""
    return re.sub(r"(\{[a-z]+\})|[A-Za-z]", lambda match: match[1] or "क", text)


@pytest.fixture
def hindi(content):
    """A site with a translation of each word, and only one page."""
    keep_documents(content, f"{CALCULATOR.strip('/')}.md")
    lines = "".join(f'"{word}" = "{translated(word)}"\n' for word in WORDS)
    with (content / "site.toml").open("a") as file:
        file.write(f"\n[translations.hi]\n{lines}")
    return content


def make_hindi(content, url):
    """Set the language of the fixtures' page at `url`."""
    path = content / f"{url.strip('/')}.md"
    path.write_text(path.read_text().replace("\nTitle:", "\nLanguage: hi\nTitle:", 1))


def shown_by(client, url, selector):
    """Return the text of an element, followed by the texts in the attributes of its tags."""
    element = BeautifulSoup(client.get(url).content, "html.parser").select_one(selector)
    attributes = [tag.get(name, "") for tag in element.find_all(True) for name in ("aria-label", "data-failure")]
    return " ".join(" ".join([element.get_text(" "), *attributes]).split())


def without(shown, texts):
    """Delete `texts` from `shown`. These texts may be English, because they aren't the site's own words."""
    for text in sorted(texts, key=len, reverse=True):
        shown = shown.replace(text, "")
    return shown


FIGURES = "hires=60&candidates=8&hours=3.5&rate=1200&mishires=12.5&mishire_cost=800000&price=900&saved={}&avoided={}"


@pytest.mark.parametrize(
    "query",
    [
        *("", FIGURES.format(0, 0), FIGURES.format(30, 20), FIGURES.format(100, 0), FIGURES.format(0, 100)),
        *(FIGURES.format(0, 0).replace("hours=3.5", "hours=0.1"), FIGURES.format(0, 0).replace("price=900", "price=0")),
        *("hires=", "hires=many", FIGURES.format(0, 101)),
    ],
)
def test_a_calculator_shows_no_english(client, hindi, query):
    make_hindi(hindi, CALCULATOR)
    quantities = current.visible_pages().page(CALCULATOR).full.calculator.quantities
    own = [text for each in quantities for text in (each.label, *text_segments(each.help))]
    shown = without(shown_by(client, f"{CALCULATOR}?{query}", ".calculation"), [*own, "many"])
    assert re.findall(r"[A-Za-z]+", shown) == []
    assert translated("Calculate") in shown and translated("rupees an hour") in shown


def test_a_second_calculator_shows_no_english(client, hindi):
    make_hindi(hindi, CALCULATOR)
    path = hindi / f"{CALCULATOR.strip('/')}.md"
    text = path.read_text()
    table = re.search(r"(?:\|.*\n){9,}", text)[0]
    path.write_text(f"{text}\n\n## SECOND CALCULATOR\n\n{table}")
    shown = shown_by(client, CALCULATOR, "main")
    assert translated("{lowest} to {highest}").format(lowest=0, highest=100) in shown and "rupees" not in shown


def test_a_calculator_with_untranslated_words_is_english(client, content):
    make_hindi(content, CALCULATOR)
    shown = shown_by(client, CALCULATOR, ".calculation")
    assert "Calculate" in shown and "rupees an hour" in shown
    assert "data-failure" not in client.get(CALCULATOR).content.decode()


@pytest.mark.parametrize(
    "scores", [("72 ± 4", "68 ± 6"), ("72 ± 4", "50 ± 6"), ("72 ± 2", "68 ± 2"), ("7 ± 2", "7 ± 2")]
)
def test_a_duel_shows_no_english(client, hindi, scores):
    rows = "".join(f"| {name} | {score} |\n" for name, score in zip("कख", scores, strict=True))
    body = f"## HERO\n\n**Headline:** शीर्षक\n\n## कुछ\n\n| नाम | अंक |\n|---|---|\n{rows}"
    (hindi / "duel.md").write_text(f"# द्वंद्व\n## /duel\n\n## META\n\n```\nLanguage: hi\n```\n\n{body}")
    shown = shown_by(client, "/duel", ".duel")
    assert re.findall(r"[A-Za-z]+", shown) == [] and "नाम क" in shown and scores[0][0] in shown


META = "## META\n\n```\nLanguage: hi\n```\n"
ROLE = f"""# भूमिका
## /hi/role

{META}
## DIMENSIONS

### कौशल (60%)

शब्द

### व्यवहार (40%)

शब्द

## QUESTIONS

### कौशल

**1. क्या?**

*क्यों:* यह।

### व्यवहार

**2. कैसे?**

*क्यों:* यह।
"""
REPORT = f"""# रिपोर्ट
## /hi/report

{META}
## रिपोर्ट

**Role:** /hi/role

| Dimension | Score |
|---|---|
| कौशल | 66 ± 9 |
| व्यवहार | 73 ± 4 |

**Question:** 2
**Answer:** एक
**Follow-up:** दो
**Second answer:** तीन
**Score before:** 69 ± 12
"""
HUB = f"# सूची\n## /hi\n\n{META}\n## सूची\n\n**Pages under:** /hi\n"


def write_hindi(content, **documents):
    (content / "hi").mkdir()
    for name, text in documents.items():
        (content / "hi" / f"{name}.md").write_text(text)


COLUMNS = ("Dimension", "Score")
REPORT_LABELS = ("Role", "Question", "Answer", "Follow-up", "Second answer", "Score before")


@pytest.mark.parametrize("text", [REPORT, REPORT.replace("73 ± 4", "73 ± 9"), REPORT.replace("66 ± 9", "66")])
def test_a_report_shows_no_english(client, hindi, text):
    write_hindi(hindi, role=ROLE, report=text)
    shown = shown_by(client, "/hi/report", ".report-sheet")
    is_drawn = "66 ± 9" in text
    shown = shown if is_drawn else without(shown, [*COLUMNS, *REPORT_LABELS, "/hi/role"])
    assert re.findall(r"[A-Za-z]+", shown) == [] and translated("All figures made up.") in shown
    assert (f"57 {translated('to')} 75" in shown) == is_drawn


def test_charts_show_no_english(client, hindi):
    other = ROLE.replace("/hi/role", "/hi/other").replace("व्यवहार (40%)", "लेखन (40%)")
    write_hindi(hindi, index=HUB, role=ROLE, second=ROLE.replace("/role", "/second"), other=other, report=REPORT)
    shown = [shown_by(client, "/hi", selector) for selector in (".chart", ".bands")]
    assert re.findall(r"[A-Za-z]+", " ".join(shown)) == []
    assert translated("With other dimensions") in shown[0] and "± 9" in shown[1].replace("\N{NO-BREAK SPACE}", " ")
