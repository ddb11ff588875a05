"""`facts.toml`: each fact is read, and each mistake in the file is reported at its position."""

from datetime import UTC, date, datetime

import pytest

from pages.content import facts, library
from pages.content.facts import Fact, Facts
from pages.content.facts_file_checks import check_facts_file
from pages.content.problems import Source
from pages.content.settings_file import read_site_settings

FACT = """[price.growth]
value = "₹1,800"
what = "One assessment on the Growth plan"
source = "The price list"
confirmed = 2026-11-29
confirm_every = "90 days"
names = ["Growth"]
phrases = ["only … on Growth"]
pages = ["/Pricing/"]
"""


def read(text):
    problems = []
    found = facts.parse(Source("content/facts.toml", text), problems)
    return found, problems


def test_a_fact_has_all_of_its_entries():
    found, problems = read(FACT)
    assert not problems
    fact = Fact(
        "price.growth",
        "₹1,800",
        "One assessment on the Growth plan",
        "The price list",
        date(2026, 11, 29),
        90,
        ("Growth",),
        ("only … on Growth",),
        ("/pricing",),
    )
    assert found == Facts({"price.growth": fact})
    assert (found.value("price.growth"), found.value("price")) == ("₹1,800", "")
    assert found.group("price") == {"growth": fact}


def test_a_table_can_be_a_fact_and_a_group():
    text = FACT.replace("price.growth", "tax") + FACT.replace("price.growth", 'tax."United Kingdom"')
    found, problems = read(text)
    assert not problems and list(found.facts) == ["tax", "tax.United Kingdom"]


def test_a_file_with_a_comment_alone_states_no_facts():
    assert read("# No facts\n") == (Facts(), [])


@pytest.mark.parametrize(
    ("written", "days"),
    [("90 days", 90), ("1 day", 1), ("2 weeks", 14), ("6 months", 180), ("1 year", 365)],
)
def test_periods_are_read_as_days(written, days):
    found, problems = read(FACT.replace("90 days", written))
    assert not problems and found.facts["price.growth"].confirm_every == days


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "help"),
    [
        ("value =", "vlaue =", (2, 1), "No setting is named “vlaue”", "Did you mean “value”?"),
        ("names =", "growth =", (7, 1), "No setting is named “growth”", "Delete the setting."),
        ('"₹1,800"', "1800", (2, 1), "“value” must be text in quotes", 'value = "…"'),
        ('"₹1,800"', '" "', (2, 10), "The fact “price.growth” has no “value”", 'value = "₹1,800"'),
        ('value = "₹1,800"\n', "", (1, 8), "The fact “price.growth” has no “value”", 'value = "₹1,800"'),
        ('source = "The price list"\n', "", (1, 8), "The fact “price.growth” has no “source”", 'source = "'),
        ("confirmed = 2026-11-29\n", "", (1, 8), "has no “confirmed”", "confirmed = 2026-12-01"),
        ("2026-11-29", '"29 Nov 2026"', (5, 14), "“confirmed” must be a date", "mean confirmed = 2026-11-29?"),
        ("2026-11-29", '"yesterday"', (5, 14), "must be a date", "the month and the day: confirmed = 2026-12-01"),
        ("2026-11-29", "20261129", (5, 13), "must be a date", "Did you mean confirmed = 2026-11-29?"),
        ("90 days", "often", (6, 18), "“often” is not a period of time", 'confirm_every = "90 days"'),
        ("90 days", "0 days", (6, 18), "“0 days” is not a period of time", 'confirm_every = "90 days"'),
        ('["Growth"]', '"Growth"', (7, 1), "“names” must be a list", 'names = ["Growth"]'),
        ('["Growth"]', '["Growth", " "]', (7, 21), "A name is empty", "delete the empty text"),
        ("only … on", "only on", (8, 13), "must have words and one “…”", "phrases = "),
        ("only … on Growth", "…", (8, 13), "must have words and one “…”", "phrases = "),
        ("/Pricing/", "pricing", (9, 11), "“pricing” is not the URL of a page", 'Write "/pricing"'),
        ("[price.growth]\n", "", (1, 1), "The entry “value” must be a table", "Write [value]"),
        ("price.growth", 'price."growth.in"', (1, 9), "The name “growth.in” contains a dot", "without dots"),
        ('"₹1,800"', "₹1,800", (2, 9), "not valid TOML", 'Put the value in quotes: value = "₹1,800"'),
        ('"₹1,800"', "10 minutes", (2, 12), "not valid TOML", 'Put the value in quotes: value = "10 minutes"'),
        ("2026-11-29", "29 November 2026", (5, 16), "not valid TOML", "Did you mean confirmed = 2026-11-29?"),
        ("2026-11-29", "2026-02-30", (5, 13), "not valid TOML", "Did you mean confirmed = 2026-02-28?"),
        ("2026-11-29", "today", (5, 13), "not valid TOML", "Write the year, the month and the day"),
        ('"₹1,800"', "“₹1,800”", (2, 9), "This file is not valid TOML", "straight"),
    ],
)
def test_mistakes_are_reported_at_their_position(old, new, place, message, help):
    _, problems = read(FACT.replace(old, new))
    problem = problems[0]
    assert (problem.rule, problem.level) == ("facts", "error")
    assert (problem.line, problem.column) == place and message in problem.message and help in problem.help


@pytest.mark.parametrize("phrase", ["…", "only on", "… of …"])
def test_an_invalid_phrase_is_left_out(phrase):
    found, problems = read(FACT.replace("only … on Growth", phrase))
    assert problems and found.facts["price.growth"].phrases == ()


def test_a_fact_without_a_value_is_left_out():
    found, problems = read(FACT.replace("₹1,800", "") + FACT.replace("growth", "starter"))
    assert problems and list(found.facts) == ["price.starter"]


PAGE = "# A\n## /a\n\n## META\n\n```\nTitle: A\nDescription: A page.\n```\n\n## ABOUT\n\nWords.\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "site.toml").write_text('name = "Acme"\n')
    (folder / "a.md").write_text(PAGE)
    return folder


def test_a_folder_needs_no_facts(folder):
    content = library.load(folder)
    assert content.facts == Facts() and "facts" not in {problem.rule for problem in content.all_problems}
    (folder / "facts.toml").write_text("")
    assert not [problem for problem in library.load(folder, content).all_problems if problem.rule == "facts"]


def test_a_changed_fact_reads_all_documents_again(folder):
    (folder / "facts.toml").write_text(FACT)
    before = library.load(folder)
    assert library.load(folder, before).pages["/a"] is before.pages["/a"]
    (folder / "facts.toml").write_text(FACT.replace("1,800", "1,900 "))
    after = library.load(folder, before)
    assert after.facts.value("price.growth") == after.site.facts.value("price.growth") == "₹1,900"
    assert after.pages["/a"] is not before.pages["/a"] and not after.has_same_pages(before)


@pytest.mark.parametrize("text", [None, "", "[price", FACT.replace("₹1,800", ""), "\udcff"])
def test_the_last_valid_facts_apply_while_the_file_has_errors(folder, text):
    path = folder / "facts.toml"
    path.write_text(FACT)
    before = library.load(folder)
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text.encode(errors="surrogateescape"))
    texts = {"site.toml": "", "facts.toml": FACT}
    for content in (library.load(folder, before), library.load(folder, read_last=texts.__getitem__)):
        assert content.facts == before.facts and content.loaded_facts.is_outdated
        messages = [problem.message for problem in content.problems if problem.path == "content/facts.toml"]
        assert messages and all("uses the last valid facts" in message for message in messages)
    path.write_text(FACT.replace("1,800", "1,900 "))
    again = library.load(folder, content)
    assert again.facts.value("price.growth") == "₹1,900" and not again.loaded_facts.problems


def check(folder, text, now):
    (folder / "facts.toml").write_text(text)
    content = library.load(folder)
    return list(check_facts_file(Source("facts.toml", text), content.facts, content.pages, {"/old": "/a"}, now))


def problems_at(folder, text, now):
    return [(problem.rule, problem.level, problem.line, problem.column) for problem in check(folder, text, now)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 28, tzinfo=UTC), [("facts", "error", 5, 13)]),
        (datetime(2026, 11, 29, tzinfo=UTC), []),
        (datetime(2027, 2, 27, tzinfo=UTC), []),
        (datetime(2027, 2, 28, tzinfo=UTC), [("stale-fact", "notice", 5, 13)]),
    ],
)
def test_a_fact_is_stale_after_its_period(folder, now, expected):
    assert problems_at(folder, FACT.replace('pages = ["/Pricing/"]\n', ""), now) == expected


def test_a_fact_can_only_be_about_pages_of_the_site(folder):
    text = FACT.replace("/Pricing/", '/a", "/old", "/none')
    found = check(folder, text, datetime(2026, 12, 1, tzinfo=UTC))
    assert [(each.line, each.column, each.help) for each in found] == [
        (9, 17, 'Write "/a"'),
        (9, 25, "Write the URL of a page, or delete this URL."),
    ]


@pytest.mark.parametrize("text", [None, "", "[email", FACT.replace("₹1,800", "")])
def test_the_address_for_leads_stays_while_the_file_has_errors(folder, text):
    email = FACT.replace("price.growth", "email").replace("₹1,800", "a@example.com")
    if text is not None:
        (folder / "facts.toml").write_text(text)
    assert read_site_settings(folder, {"site.toml": "", "facts.toml": email}.__getitem__).email == "a@example.com"
    assert read_site_settings(folder, lambda name: "").email == ""


def test_a_wrong_price_in_the_banner_is_reported_once(folder):
    (folder / "facts.toml").write_text(FACT.partition("phrases")[0])
    (folder / "site.toml").write_text('name = "Acme"\n[banner]\ntext = "Growth costs ₹1,700 now"\n')
    problems = [problem for problem in library.load(folder).all_problems if problem.path == "content/site.toml"]
    assert [(problem.rule, problem.line, problem.column) for problem in problems] == [("fact-drift", 3, 22)]


@pytest.mark.parametrize("broken", ["p[[a]]hrases", "names = [", '"', "[[a", "= 1"])
def test_a_file_that_was_never_valid_has_one_problem(tmp_path, broken):
    (tmp_path / "facts.toml").write_text(FACT.replace("phrases", broken))
    [problem] = [problem for problem in library.load(tmp_path).all_problems if problem.path.endswith("facts.toml")]
    assert "not valid TOML" in problem.message
