"""Names of new pages: their plurals, their capitals and their URLs."""

import pytest

from pages.content.page_names import in_sentence, name_of, plural_of, slug_of


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("Data Scientist", "Data Scientists"),
        ("QA Engineer", "QA Engineers"),
        ("SRE", "SREs"),
        ("SREs", "SREs"),
        ("Women in Tech", "Women in Tech"),
        ("Woman in Tech", "Women in Tech"),
        ("Salesperson", "Salespeople"),
        ("Chairman", "Chairmen"),
        ("Head of Design", "Heads of Design"),
        ("VP of Sales", "VPs of Sales"),
        ("Support Staff", "Support Staff"),
        ("Human Resources Manager", "Human Resources Managers"),
        ("Secretary", "Secretaries"),
        ("Attorney", "Attorneys"),
        ("Boss", "Bosses"),
        ("Coach", "Coaches"),
        ("Developer (C++)", "Developer (C++)"),
        ("Data Engineers", "Data Engineers"),
    ],
)
def test_plural(name, plural):
    assert plural_of(name) == plural


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/hire/site-reliability-engineer", "Site Reliability Engineer"),
        ("/hire/qa-engineer", "QA Engineer"),
        ("/hire/sres", "SREs"),
        ("/women-in-tech", "Women in Tech"),
        ("/in-house", "In House"),
    ],
)
def test_name_from_url(url, name):
    assert name_of(url, ["QA", "SRE"]) == name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Women in Tech", "women-in-tech"),
        ("QA Engineer", "qa-engineer"),
        ("C++ Developer", "cpp-developer"),
        ("Node.js Developer", "nodejs-developer"),
        ("Père & Fils", "pere-and-fils"),
        ("भर्ती", ""),
    ],
)
def test_slug(name, slug):
    assert slug_of(name) == slug


def test_acronyms_keep_their_capitals_in_a_sentence():
    assert in_sentence("QA Engineer") == "QA engineer" and in_sentence("SREs") == "SREs"
