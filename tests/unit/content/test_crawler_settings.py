"""The tables in `site.toml` that visitors don't see: `[content_usage]` and `[security]`."""

import pytest

from pages.content import site_settings
from pages.content.content_usage import USES, ContentUsage
from pages.content.problems import Source
from pages.content.security_contact import SecurityContact


def parse(text):
    problems = []
    return site_settings.parse(Source("site.toml", text), problems), problems


@pytest.mark.parametrize(
    ("table", "everyone", "groups"),
    [
        ("[content_usage]\n", USES, {}),
        ('[content_usage]\n"*" = ["training", "search"]', ("search", "training"), {}),
        ("[content_usage]\nGPTBot = []", USES, {("GPTBot",): ()}),
        (
            '[content_usage]\n"*" = []\n"GPTBot, CCBot" = ["answers"]\nAmazonbot = ["search"]',
            (),
            {("GPTBot", "CCBot"): ("answers",), ("Amazonbot",): ("search",)},
        ),
        ('[content_usage]\n"GPTBot,*" = ["search"]', ("search",), {("GPTBot",): ("search",)}),
    ],
)
def test_each_group_of_crawlers_has_its_uses(table, everyone, groups):
    site, problems = parse(table)
    assert (site.content_usage, problems) == (ContentUsage(everyone, groups), [])


@pytest.mark.parametrize(
    ("table", "line", "column", "help"),
    [
        ('GPTBot = ["trainning"]', 2, 12, 'Did you mean "training"?'),
        ('GPTBot = ["search", "Search"]', 2, 22, 'Did you mean "search"?'),
        ('"*" = ["everything"]', 2, 9, 'Write "search", "answers" or "training".'),
        ('"*" = "search"', 2, 2, 'Write "*" = ["search", "answers"]'),
        ("GPTBot = true", 2, 1, 'Write "GPTBot" = ["search", "answers"]'),
        ('"GPT Bot" = []', 2, 2, "Write the name from the crawler's documentation"),
        ('"" = []', 2, 2, "Write the name from the crawler's documentation"),
        ("GPTBot = []\ngptbot = []", 3, 1, "Delete one of the two."),
        ('"GPTBot, GPTBot" = []', 2, 2, "Delete one of the two."),
    ],
)
def test_wrong_uses_are_problems_at_their_lines(table, line, column, help):
    _, [problem] = parse(f"[content_usage]\n{table}\n")
    assert (problem.rule, problem.line, problem.column) == ("site-settings", line, column)
    assert problem.help.startswith(help)


def test_without_the_table_no_use_is_stated():
    assert parse("")[0].content_usage is None


def test_the_uses_must_be_a_table():
    site, [problem] = parse('content_usage = "all"\n')
    assert problem.line == 1 and site.content_usage is None


@pytest.mark.parametrize(
    ("table", "contact"),
    [
        ("", None),
        (
            '[security]\ncontact = ["a@example.com", "mailto:b@example.com", "+91 89624 12726", "https://example.com"]',
            SecurityContact(
                ("mailto:a@example.com", "mailto:b@example.com", "tel:+918962412726", "https://example.com")
            ),
        ),
        (
            '[security]\ncontact = ["a@example.com"]\npolicy = "/security"\npreferred_languages = ["EN", "pt-br"]',
            SecurityContact(("mailto:a@example.com",), "/security", ("en", "pt-BR")),
        ),
    ],
)
def test_the_security_contact(table, contact):
    site, problems = parse(table)
    assert (site.security, problems) == (contact, [])


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("", 1, "has no contact"),
        ("contact = []", 1, "has no contact"),
        ('policy = "/security"', 1, "has no contact"),
        ('contact = "a@example.com"', 2, "must be a list"),
        ('contact = ["a@example.com", "http://example.com"]', 2, "“http://example.com” is no email address"),
        ('contact = ["us"]', 2, "“us” is no email address"),
        ('contact = ["a@example.com"]\npolicy = "http://example.com"', 3, "can't lead to"),
        ('contact = ["a@example.com"]\npreferred_languages = ["en", "english!"]', 3, "is not a language"),
        ('contact = ["a@example.com"]\ncontacts = []', 3, "No setting is named “contacts”"),
    ],
)
def test_a_wrong_security_contact_is_a_problem_at_its_line(table, line, message):
    _, [problem] = parse(f"[security]\n{table}\n")
    assert (problem.rule, problem.line) == ("site-settings", line) and message in problem.message
