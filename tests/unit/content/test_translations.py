"""Versions of a page in several languages, and the translations of the site's own words."""

import pytest

from pages.content import library, settings_file, site_words
from pages.content.languages import ENGLISH, Language
from pages.content.problems import Source
from pages.content.sections import calculator, is_kind_heading
from pages.content.site_words import WORDS_BY_PART, WORDS_OF_NOTICES, Words
from tests.support.content_samples import document_text as document

TABLE = '[calls_to_action]\n\n[translations.hi]\n"Search" = "खोजें"\n'
HINDI = "Language: hi\nTranslation of: /a"


def problems_of(content, rule):
    return [problem for problem in content.all_problems if problem.rule == rule]


def groups(content):
    return {url: [page.url for page in versions] for url, versions in content.versions.items()}


def test_all_versions_of_a_page_are_found_from_each_of_them(write):
    content = library.load(write(a=document(), b=document(meta=HINDI), c=document(meta=HINDI.replace("hi", "ta"))))
    assert groups(content) == {url: ["/a", "/b", "/c"] for url in ("/a", "/b", "/c")}
    assert problems_of(content, "translation") == []


def test_a_page_in_the_sites_language_may_translate_a_page_in_another(write):
    content = library.load(write(a=document(meta="Language: hi"), b=document(meta="Translation of: /a")))
    assert groups(content) == {"/a": ["/a", "/b"], "/b": ["/a", "/b"]}
    assert problems_of(content, "translation") == []


@pytest.mark.parametrize("meta", ["Translation of: /b", "Translation of: /none", "Translation of: /a", "Language: en"])
def test_a_wrong_pair_has_no_effect(write, meta):
    content = library.load(write(a=document(), b=document(meta=meta)))
    assert groups(content) == {}


def test_a_published_page_comes_before_a_draft_in_the_same_language(write):
    draft, page = document(meta=f"Status: draft\n{HINDI}"), document(meta=HINDI)
    content = library.load(write(a=document(), b=draft, c=page))
    assert groups(content)["/a"] == ["/a", "/c"]
    assert [problem.path for problem in problems_of(content, "translation")] == ["content/b.md"]


def test_a_translation_needs_no_other_incoming_links(write):
    content = library.load(write(a=document(), b=document(meta=HINDI)))
    assert [problem.path for problem in problems_of(content, "few-links-in")] == ["content/a.md"]


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("Language: hindi", "Did you mean `Language: hi`?"),
        ("Language: en-UK", "Did you mean `Language: en-GB`?"),
        ("Language: the local one", "Write a code from https://r12a.github.io/app-subtags/."),
        ("Translation of: hire/a", "Write `Translation of: /hire/data-engineer`, with the URL of the original page."),
        ("Translation of: https://x.example/a", "Write `Translation of: /hire/data-engineer`, with the URL of the "
         "original page."),
    ],
)  # fmt: skip
def test_an_invalid_value_is_reported_where_it_stands(write, line, help):
    value = line.partition(": ")[2]
    [problem] = problems_of(library.load(write(a=document(meta=line))), "meta-value")
    assert (problem.help, problem.line, problem.source) == (help, 8, line)
    assert problem.source[problem.column - 1 :][: problem.length] == value


def test_an_invalid_language_is_one_problem(write):
    content = library.load(write(a=document(), b=document(meta="Language: hindi\nTranslation of: /a")))
    assert problems_of(content, "translation") == [] and len(problems_of(content, "meta-value")) == 1


# The site's own words


def test_words_are_found_in_the_language_or_in_english():
    words = Words(Language("hi"), {"Search": "खोजें", "Home": "", "All {count}": "सभी {count}"})
    assert (words("Search"), words("Home"), words("Main")) == ("खोजें", "Home", "Main")
    assert words("All {count}", count=5) == "सभी 5"
    assert words("All\u00a0{count}", count=5) == "सभी 5"
    assert words("Take\u00a0all {count}", count=5) == "Take\u00a0all 5"
    assert words("Take all {count}", count="{number}") == "Take all {number}"


def test_a_country_falls_back_to_its_language(write):
    toml = f'{TABLE}\n[translations.hi-IN]\n"Home" = "होम"\n'
    site = library.load(write(a=document(), named={"site.toml": toml})).site
    words = site.words_in(Language("hi-IN"))
    assert (words("Search"), words("Home")) == ("खोजें", "होम")
    assert site.words_in(ENGLISH)("Search") == "Search"


def test_one_warning_per_language_lists_the_missing_words_as_lines_to_add(write):
    pages = {"a": document(), "b": document(meta=HINDI), "c": document(meta=HINDI.replace("hi", "ta"))}
    content = library.load(write(**pages, named={"site.toml": TABLE}))
    hindi, tamil = problems_of(content, "site-words")[::-1]
    assert (hindi.line, hindi.source, hindi.level) == (3, "[translations.hi]", "warning")
    assert f" {len(WORDS_BY_PART['page']) + len(WORDS_OF_NOTICES) - 1} of the site's own words " in hindi.message
    assert '\n"Home" = "…"' in hindi.help
    assert hindi.help.startswith("Below the line [translations.hi], add:\n")
    assert tamil.help.startswith("In site.toml, write [translations.ta] on a line of its own") and tamil.line == 1


def test_the_table_of_a_language_is_not_the_table_of_its_country(write):
    toml = '[translations.hi-IN]\n"Search" = "खोजें"\n'
    [problem] = problems_of(
        library.load(write(a=document(), b=document(meta=HINDI), named={"site.toml": toml})), "site-words"
    )
    assert problem.help.startswith("In site.toml, write [translations.hi] on a line of its own") and problem.line == 1


FORM = """## फ़ॉर्म

| Field | Name | Required | Help |
|---|---|---|---|
| ईमेल | email | yes | |

**Button:** भेजें

**Consent:** सहमति

**Thanks:** धन्यवाद।
"""


SHARED_PARTS = {
    "form": ["problems"],
    "calculator": ["problems", "range"],
    "duel": ["example"],
    "report": ["example", "range", "weights"],
    "weights": ["link to a report"],
}
REPORT = "## रिपोर्ट\n\n**Role:** /role\n\n| Dimension | Score |\n|---|---|\n| कौशल | 72 ± 4 |\n"
WEIGHTS = "## DIMENSIONS\n\n### कौशल (60%)\n\nशब्द\n\n### व्यवहार (40%)\n\nशब्द\n"
DUEL = "## HERO\n\n**Headline:** शीर्षक\n\n## कुछ\n\n| नाम | अंक |\n|---|---|\n| क | 72 ± 4 |\n| ख | 68 ± 6 |\n"
UNITS = "\n".join(f"| लेबल | {name} | 5 | {unit} | 0 | 9 | |" for name, unit in calculator.UNITS.items())
CALCULATOR = f"## CALCULATOR\n\n| {' | '.join(calculator.COLUMNS)} |\n{'|---' * 7}|\n{UNITS}\n"


@pytest.mark.parametrize(
    ("body", "meta", "part"),
    [
        (FORM, "", "form"),
        (CALCULATOR, "", "calculator"),
        (DUEL, "", "duel"),
        (REPORT, "", "report"),
        (WEIGHTS, "", "weights"),
        ("## QUESTIONS\n\n**1. क्या?**\n\n*क्यों:* यह।", "", "questions"),
        ("> [!TIP]\n> शब्द", "", "callouts"),
        ("- शब्द\n\n  >[!TIP]\n  > शब्द", "", "callouts"),
        ("शब्द[^1]\n\n[^1]: शब्द", "", "notes"),
        ("[![शब्द](images/poster.jpg)](https://www.youtube.com/watch?v=abcdefghijk)", "", "players"),
        ("शब्द", "Author: A\nDate: 2026-01-02\n", "article"),
        ("".join(f"## खंड {number}\n\nशब्द\n\n" for number in range(6)), "", "contents"),
    ],
)
def test_a_language_needs_only_the_words_that_its_pages_show(write, body, meta, part):
    pages = {"a": document(body=FORM), "b": document(meta=HINDI), "c": document(meta=f"{meta}Language: hi", body=body)}
    draft = document(meta="Language: hi\nStatus: draft", body="> [!TIP]\n> शब्द" if part != "callouts" else FORM)
    content = library.load(write(**pages, d=draft, named={"site.toml": "[translations.hi]"}))
    [problem] = problems_of(content, "site-words")
    lines = problem.help.splitlines()[1:]
    asked = {name for name, words in WORDS_BY_PART.items() if f'"{words[0]}" = "…"' in lines}
    shown = {"page", part, *SHARED_PARTS.get(part, ())}
    assert asked == shown
    assert len(lines) == sum(len(WORDS_BY_PART[name]) for name in shown) + len(WORDS_OF_NOTICES)


def test_a_banner_needs_its_word(write):
    toml = '[banner]\ntext = "Hi"\n[translations.hi]'
    content = library.load(write(a=document(), b=document(meta=HINDI), named={"site.toml": toml}))
    assert '"Announcement" = "…"' in problems_of(content, "site-words")[0].help


ARTICLE = "Author: A\nDate: 2026-01-02\n"
LISTS = {"list of articles", "chart", "chart of reports"}


@pytest.mark.parametrize(
    ("meta", "body", "asked"),
    [
        ("", "शब्द", set()),
        (ARTICLE, "शब्द", {"list of articles"}),
        ("", WEIGHTS, {"chart"}),
        ("", REPORT, {"chart of reports"}),
        (ARTICLE, WEIGHTS, {"list of articles"}),
        ("Status: draft\n", WEIGHTS, set()),
    ],
)
def test_a_list_of_pages_needs_its_words(write, meta, body, asked):
    hub = document("/hi", "Language: hi", "**Pages under:** /hi")
    child = document("/hi/a", f"{meta}Language: hi", body)
    content = library.load(write(a=hub, b=child, named={"site.toml": "[translations.hi]"}))
    help = problems_of(content, "site-words")[0].help
    assert {part for part in LISTS if f'"{WORDS_BY_PART[part][0]}" = "…"' in help} == asked


@pytest.mark.parametrize(
    ("key", "help"),
    [
        ("PRICNG", "Did you mean “PRICING”?"),
        ("## How it works", "Did you mean “HOW IT WORKS”?"),
        ("DATA ENGINEER QUESTIONS", "Did you mean “… QUESTIONS”?"),
        ("PLANS", "Delete this line. Of the sections' headings, only these can be translated: “… CHALLENGE”, "),
        ("Serach", "Did you mean “Search”?"),
    ],
)
def test_an_unknown_word_gets_the_nearest_or_the_headings_that_can_be_translated(write, key, help):
    toml = f'[translations.hi]\n"{key}" = "x"\n'
    [problem] = problems_of(library.load(write(a=document(), named={"site.toml": toml})), "site-words")
    assert problem.help.startswith(help) and problem.line == 2
    assert problem.message == f"“{key}” is not one of the site's own words, so this line has no effect."


@pytest.mark.parametrize("meta", ["", "Status: draft\n", "Publish: 2100-01-01\n"])
def test_only_languages_of_published_pages_need_words(write, meta):
    content = library.load(write(a=document(), b=document(meta=f"{meta}{HINDI}"), named={"site.toml": TABLE}))
    assert len(problems_of(content, "site-words")) == (not meta)


def test_the_lines_of_the_warning_complete_the_table(write):
    toml = 'description = "A \\"b\\"."\nheader = ["/a"]\nheader_button = "Go → /a"\n\n' + TABLE
    folder = write(a=document(), b=document(meta="Language: hi"), named={"site.toml": toml})
    [problem] = problems_of(library.load(folder), "site-words")
    assert {'"Go" = "…"', '"A \\"b\\"." = "…"', '"A Name" = "…"'} < set(problem.help.splitlines())
    lines = problem.help.partition("\n")[2].replace(
        '"…"', '"{author} {count} {first} {label} {last} {mark} {name} {number} {provider} {query} {reference}"'
    )
    (folder / "site.toml").write_text(f"{toml}{lines}\n")
    assert problems_of(library.load(folder), "site-words") == []


def test_pages_in_the_header_need_no_translated_name_if_they_have_a_version_in_the_language(write):
    toml = f'header = ["/a"]\n{TABLE}'
    [problem] = problems_of(
        library.load(write(a=document(), b=document(meta=HINDI), named={"site.toml": toml})), "site-words"
    )
    assert "A Name" not in problem.help


def test_pages_in_a_footer_group_need_a_translated_name(write):
    toml = f'{TABLE}\n[footer_groups]\n"More" = ["/a", "Named → /c"]\n'
    folder = write(a=document(), b=document(meta="Language: hi"), c=document(), named={"site.toml": toml})
    [problem] = problems_of(library.load(folder), "site-words")
    lines = problem.help.splitlines()
    assert {'"A Name" = "…"', '"More" = "…"', '"Named" = "…"'} < set(lines) and lines.count('"A Name" = "…"') == 1


@pytest.mark.parametrize(("code", "is_asked"), [("gu", True), ("hi", False)])
def test_only_a_language_whose_months_are_unknown_needs_them(write, code, is_asked):
    article = document(meta=f"Author: A\nDate: 2026-01-02\nLanguage: {code}")
    content = library.load(write(a=document(), b=article, named={"site.toml": f"[translations.{code}]"}))
    [problem] = problems_of(content, "site-words")
    assert ('"March" = "…"' in problem.help) == is_asked


def test_a_site_in_another_language_needs_the_words_of_its_error_pages(write):
    toml = f'language = "hi"\ndescription = "विवरण"\n{TABLE}'
    [problem] = problems_of(library.load(write(a=document(), named={"site.toml": toml})), "site-words")
    assert '"Page not found" = "…"' in problem.help and "विवरण" not in problem.help


@pytest.mark.parametrize(
    ("toml", "line", "text", "help"),
    [
        ('language = "hindi"', 1, "hindi", 'Did you mean language = "hi"?'),
        ('language = "?"', 1, "?", 'Write the code of a language: language = "en"'),
        ('\n[translations.hindi]\n"Search" = "x"', 2, "hindi", "Did you mean [translations.hi]?"),
        ("[translations.xx]", 1, "xx", "Write the code of a language, such as `hi`."),
        ('"Search" = "a"\n[translations.hi]\n"Search" = 5', 3, "Search", 'Write "Search" = "…"'),
        ('[translations]\nhi = "x"', 1, "", "In site.toml, write [translations.hi] on a line of its own, and the "
         "translations below:"),
        ("translations = 5", 1, "", "In site.toml, write [translations.hi] on a line of its own, and the translations "
         "below:"),
    ],
)  # fmt: skip
def test_mistakes_in_site_toml_are_reported_where_they_stand(toml, line, text, help):
    problems = []
    settings_file.site_settings.parse(Source("content/site.toml", toml), problems)
    [problem] = [problem for problem in problems if "No setting is named" not in problem.message]
    assert (problem.rule, problem.line, problem.help) == ("site-settings", line, help)
    assert not text or problem.source[problem.column - 1 :].startswith(text)


# Section headings


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("सामान्य प्रश्न", "faq"), ("डेटा के नमूना प्रश्न", "questions"), ("Faq", "faq"), ("कुछ और", "prose")],
)
def test_headings_in_other_languages_start_the_same_kinds(write, heading, kind):
    toml = f'{TABLE}"FAQ" = "सामान्य प्रश्न"\n"… QUESTIONS" = "… नमूना प्रश्न"\n'
    body = f"## {heading}\n\n**1. क्या?**\n\n*क्यों:* यह।"
    page = library.load(write(a=document(meta="Language: hi", body=body), named={"site.toml": toml})).pages["/a"]
    assert [section.kind for section in page.sections] == [kind]
    assert page.sections[0].heading == heading and page.problems == ()


def test_only_english_questions_need_the_english_label(write):
    body = "## QUESTIONS\n\n**1. क्या?**\n\n*क्यों:* यह।"
    content = library.load(write(a=document(body=body), b=document(meta="Language: hi", body=body)))
    assert [problem.path for problem in problems_of(content, "question-reveals")] == ["content/a.md"]


def test_every_heading_that_can_be_translated_starts_a_section_of_a_special_kind():
    assert all(is_kind_heading(heading.replace("…", "X")) for heading in site_words.HEADINGS)
