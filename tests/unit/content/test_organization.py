"""The company's contact details and other facts about it come from facts.toml."""

import pytest

from pages.content import facts, site_settings
from pages.content.facts import Facts
from pages.content.organization import Address, Organization, organization_of, parse_address
from pages.content.problems import Source
from pages.content.site_settings import SiteSettings

from ...support.facts_file import fact_table


def read(**values):
    """Return the facts with these values, and the problems. In an argument's name, two underscores stand for a dot."""
    text = "".join(fact_table(name.replace("__", "."), value) for name, value in values.items())
    problems = []
    return facts.parse(Source("content/facts.toml", text), problems), problems


def test_the_organization_is_read_from_the_facts():
    found, problems = read(
        company__parent="Group",
        company__founded="2024-05",
        address__headquarters="Indore, Madhya Pradesh, India",
        address__UK="London, UK",
        profile__linkedin="https://www.linkedin.com/us",
        profile__github="https://github.com/us",
    )
    assert problems == []
    address = Address("Indore", "Madhya Pradesh", "India")
    profiles = ("https://www.linkedin.com/us", "https://github.com/us")
    assert organization_of(found) == Organization("Group", "2024-05", address, profiles)
    assert organization_of(Facts()) == Organization()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Indore, Madhya Pradesh, India", ("Indore", "Madhya Pradesh", "India")),
        ("London , UK", ("London", "", "UK")),
        ("Street 1, 1000 City, Region, Country", ("Street 1", "1000 City, Region", "Country")),
        ("Singapore", ("Singapore", "", "")),
        ("", ("", "", "")),
    ],
)
def test_an_address_has_a_city_a_region_and_a_country(text, parts):
    assert parse_address(text) == Address(*parts)


def test_the_contact_details_of_the_site_are_facts():
    found, problems = read(email="us@example.com", phone__India="+91 89624 12726", phone__UK="+44 (0)20 7946 0958")
    site = SiteSettings(facts=found)
    assert problems == [] and site.email == "us@example.com"
    assert site.phones == {"India": "+91 89624 12726", "UK": "+44 (0)20 7946 0958"}
    assert [url for _, _, url in site.phone_links] == ["tel:+918962412726", "tel:+442079460958"]
    assert {"India", "UK"} <= set(site.own_texts), "a translation of the site needs the names of the places"


@pytest.mark.parametrize(
    ("name", "value", "message", "help"),
    [
        ("email", "us", "“us” is not an email address.", 'value = "info@example.com"'),
        ("phone__India", "089624 12726", "is not an international phone number", 'value = "+91 89624 12726"'),
        ("company__founded", "long ago", "“long ago” is not a year.", 'value = "2024"'),
        ("profile__x", "/about", "“/about” is not a full URL.", 'value = "https://'),
        ("profile__x", "javascript:alert(1)", "“javascript:alert(1)” is not a full URL.", 'value = "https://'),
    ],
)
def test_a_value_that_the_site_cannot_use_is_reported_and_left_out(name, value, message, help):
    found, [problem] = read(**{name: value})
    assert found == Facts() and message in problem.message and help in problem.help
    assert (problem.rule, problem.line, problem.column) == ("facts", 2, 10)


@pytest.mark.parametrize(
    ("text", "line", "help"),
    [
        ('name = "A"\nemail = "a@example.com"\n', 2, "write [email]"),
        ('name = "A"\n\n[phones]\nIndia = "+91 89624 12726"\n', 3, "write [phone.India]"),
        ('[organization]\nfounded = "2024"\n', 1, "write [company.founded]"),
    ],
)
def test_a_fact_in_site_toml_is_reported_with_its_new_place(text, line, help):
    problems = []
    site = site_settings.parse(Source("content/site.toml", text), problems)
    [problem] = problems
    assert (problem.rule, problem.line) == ("site-settings", line)
    assert "belongs in facts.toml" in problem.message and help in problem.help
    assert (site.email, site.phones, site.organization) == ("", {}, Organization())
