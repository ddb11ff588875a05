"""Structured data, parsed from the served pages."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from ...conftest import SEED, SEED_URL
from ...support.facts_file import fact_table

SITE = "http://127.0.0.1:8000"
HOME = "# Home\n## /\n\n## META\n\n```\nTitle: Home\n```\n\n{body}\n"
PLANS = "## PRICING\n\n| Plan | {unit} | Best For |\n|---|---|---|\n{rows}\n"


@pytest.fixture
def at(client, content):
    def read(url):
        page = BeautifulSoup(client.get(url).content, "html.parser")
        items = [json.loads(script.string) for script in page.find_all("script", type="application/ld+json")]
        assert all(each.pop("@context") == "https://schema.org" for each in items)
        return {each.pop("@type"): each for each in items}

    return read


@pytest.fixture
def home(at, content):
    def write_home(body="## WORDS\n\nWords."):
        (content / "index.md").write_text(HOME.format(body=body))
        return at("/")

    return write_home


def offers(home, *rows, unit="Per Assessment"):
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return home(PLANS.format(unit=unit, rows=table)).get("SoftwareApplication", {}).get("offers")


def test_structured_data_of_the_home_page_describes_the_organization(home):
    organization = home()["Organization"]
    assert organization.pop("logo").startswith(f"{SITE}/static/img/icon")
    assert organization == {
        "@id": f"{SITE}/#organization",
        "name": "LayersRank",
        "url": f"{SITE}/",
        "description": "Structured hiring assessments with a confidence interval on every score.",
        "email": "info@the-algo.com",
        "contactPoint": [
            {"@type": "ContactPoint", "telephone": "+91 89624 12726", "areaServed": "IN"},
            {"@type": "ContactPoint", "telephone": "+44 7477 204642", "areaServed": "GB"},
            {"@type": "ContactPoint", "telephone": "+1 720 334 7249", "areaServed": "US"},
        ],
        "foundingDate": "2024",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Indore",
            "addressRegion": "Madhya Pradesh",
            "addressCountry": "IN",
        },
        "parentOrganization": {"@type": "Organization", "name": "The Algorithm"},
        "sameAs": ["https://www.linkedin.com/showcase/layersrank/"],
    }


def test_structured_data_of_the_home_page_has_the_website_and_no_breadcrumbs(home):
    items = home()
    publisher = {"@id": items["Organization"]["@id"]}
    assert items["WebSite"] == {"name": "LayersRank", "url": f"{SITE}/", "publisher": publisher}
    assert "BreadcrumbList" not in items


def test_structured_data_of_other_pages_has_breadcrumbs_faq_and_offers(at):
    items = at(SEED_URL)
    assert set(items) == {"BreadcrumbList", "FAQPage", "SoftwareApplication"}
    breadcrumbs = items["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in breadcrumbs] == list(range(1, len(breadcrumbs) + 1))
    assert breadcrumbs[-1]["item"] == f"{SITE}{SEED_URL}"


def test_offers_come_from_the_pricing_plans_of_the_document(at):
    application = at(SEED_URL)["SoftwareApplication"]
    assert (application["name"], application["url"]) == ("LayersRank", f"{SITE}/")
    assert application["publisher"] == {"@id": f"{SITE}/#organization"}
    rows = re.findall(r"^\| (Starter|Growth|Enterprise) \| (\S+) \| (.+) \|$", SEED.read_text(), re.MULTILINE)
    assert [(offer["name"], offer.get("price"), offer["description"]) for offer in application["offers"]] == [
        ("Starter", "2500", rows[0][2]),
        ("Growth", "1800", rows[1][2]),
        ("Enterprise", None, rows[2][2]),
    ]
    assert rows[0][1] == "₹2,500" and rows[2][1] == "Custom"


def test_a_price_has_a_unit(home):
    (offer,) = offers(home, ("Starter", "₹2,500", "All"))
    amount = {"price": "2500", "priceCurrency": "INR"}
    unit = {"@type": "UnitPriceSpecification", **amount, "unitText": "assessment"}
    assert offer == {"@type": "Offer", "name": "Starter", "description": "All", **amount, "priceSpecification": unit}
    (offer,) = offers(home, ("Starter", "₹2,500", "All"), unit="Price")
    assert offer == {"@type": "Offer", "name": "Starter", "description": "All", **amount}


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("₹2,500", "2500"),
        ("**₹2,500**", "2500"),
        ("₹ 1,00,000", "100000"),
        ("₹99.50", "99.50"),
        ("INR 800", "800"),
        ("Rs. 800", "800"),
        ("₹0", "0"),
        ("Custom", None),
        ("", None),
        ("Free", None),
        ("from ₹2,500", None),
        ("₹1,800–₹2,500", None),
        ("$25", None),
        ("2,500", None),
    ],
)
def test_an_offer_has_a_price_only_if_the_plan_states_an_exact_price(home, text, price):
    (offer,) = offers(home, ("Lone", text, "All"))
    assert (offer.get("price"), offer.get("priceCurrency")) == (price, "INR" if price else None)
    assert ("priceSpecification" in offer) == bool(price)


@pytest.mark.parametrize(
    ("fact", "written", "price"),
    [("₹2,600", "₹2,500", "2600"), ("Custom", "₹2,500", None), ("₹2,500", "Ask us", "2500")],
)
def test_the_price_of_an_offer_is_the_fact_about_its_plan(home, content, fact, written, price):
    (content / "facts.toml").write_text(fact_table("price.small", fact, names=["Small"]))
    small, large = offers(home, ("Small", written, "All"), ("Large", "₹9", "All"))
    assert (small.get("price"), large["price"]) == (price, "9")


def test_without_plans_there_are_no_offers(home):
    assert "SoftwareApplication" not in home("## PRICING\n\nAsk us.")
    assert "SoftwareApplication" not in home()


def test_there_are_no_ratings(client, content):
    assert not re.search(r"rating|review", client.get(SEED_URL).content.decode().split("</head>")[0], re.IGNORECASE)


def test_structured_data_omits_missing_settings_and_facts(home, content):
    (content / "site.toml").write_text('name = "Ours"\n')
    (content / "facts.toml").write_text("# No facts\n")
    assert set(home()["Organization"]) == {"@id", "name", "url", "logo"}


def test_text_cannot_close_the_script_element(client, content):
    (content / "index.md").write_text(HOME.format(body=PLANS.format(unit="Price", rows="| </script> | ₹1 | `<!--` |")))
    (content / "site.toml").write_text('name = "<!--<script>"\n')
    (content / "facts.toml").write_text(fact_table("company.parent", "</script><b>"))
    page = BeautifulSoup(client.get("/").content, "html.parser")
    items = [json.loads(script.string) for script in page.find_all("script", type="application/ld+json")]
    assert [each["@type"] for each in items] == ["Organization", "WebSite", "SoftwareApplication"]
    assert items[0]["parentOrganization"]["name"] == "</script><b>"
    assert (items[2]["offers"][0]["name"], items[2]["offers"][0]["description"]) == ("</script>", "<!--")


def test_the_footer_and_structured_data_have_the_same_contact_details(client, content, home):
    organization, page = home()["Organization"], client.get("/").content.decode()
    assert all(contact["telephone"] in page for contact in organization["contactPoint"])
    assert organization["email"] in page


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"phone.India": "+91 89624 12726"}, ["+91 89624 12726"]),
        ({"email": "us@example.com"}, ["us@example.com"]),
        ({"company.founded": "2024"}, []),
    ],
)
def test_the_footer_shows_the_contact_details_that_exist(client, content, names, shown):
    (content / "facts.toml").write_text("".join(fact_table(*fact) for fact in names.items()))
    page = BeautifulSoup(client.get("/about").content, "html.parser")
    assert [link.text for link in page.select("footer address a")] == shown
