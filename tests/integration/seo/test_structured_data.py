"""Structured data, parsed from the served pages."""

import re

import pytest
from bs4 import BeautifulSoup

from ...conftest import SEED, SEED_URL
from ...support.content_samples import keep_documents
from ...support.facts_file import fact_table
from ...support.json_ld import graph_of, items_of, objects_in

SITE = "http://127.0.0.1:8000"
HOME = "# Home\n## /\n\n## META\n\n```\nTitle: Home\n```\n\n{body}\n"
PLANS = "## PRICING\n\n| Plan | {unit} | Best For |\n|---|---|---|\n{rows}\n"


@pytest.fixture
def at(client, content):
    return lambda url: items_of(client.get(url).content)


@pytest.fixture
def home(at, content):
    def write_home(body="## WORDS\n\nWords."):
        keep_documents(content)
        (content / "index.md").write_text(HOME.format(body=body))
        return at("/")

    return write_home


def offers(home, *rows, unit="Per Assessment"):
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return home(PLANS.format(unit=unit, rows=table)).get("SoftwareApplication", {}).get("offers")


def test_each_graph_has_all_items_that_it_refers_to(every_kind):
    for url, graph in every_kind.items():
        objects = list(objects_in(graph))
        described = [item["@id"] for item in objects if "@id" in item and len(item) > 1]
        referred = {item["@id"] for item in objects if set(item) == {"@id"}}
        assert len(described) == len(set(described)), url
        assert referred <= set(described), url


def test_each_item_has_an_id_that_is_the_same_on_all_pages(every_kind):
    """The ID of an item about the whole site begins with the home page's URL. Other IDs begin with their page's URL."""
    for url, graph in every_kind.items():
        assert graph["@context"] == "https://schema.org"
        for item in graph["@graph"]:
            shared = {"Organization": "#org", "WebSite": "#site", "SoftwareApplication": "#app"}
            own = {"BreadcrumbList": "#path", "Article": "#article", "ItemList": "#list"}
            kind = item["@type"]
            address = f"{SITE}/{shared[kind]}" if kind in shared else f"{SITE}{url}{own.get(kind, '')}"
            assert item["@id"] == address


def test_the_items_of_each_graph_are_linked(every_kind):
    for url, graph in every_kind.items():
        items = graph["@graph"]
        links = [{item["@id"], *(each["@id"] for each in objects_in(item) if set(each) == {"@id"})} for item in items]
        linked = links.pop(0)
        while near := [each for each in links if each & linked]:
            linked.update(*near)
            links = [each for each in links if each not in near]
        assert not links, url


def test_each_page_names_itself_the_website_and_the_organization(every_kind):
    for url, graph in every_kind.items():
        page, organization, website = graph["@graph"][:3]
        assert page["@type"] in ("WebPage", "FAQPage") and page["url"] == SITE + url and page["name"]
        assert (organization["@type"], organization["name"]) == ("Organization", "LayersRank")
        assert (website["@type"], website["name"]) == ("WebSite", "LayersRank")
        assert organization["url"] == website["url"] == f"{SITE}/"
        assert page["isPartOf"] == {"@id": website["@id"]} and website["publisher"] == {"@id": organization["@id"]}
        assert url == "/" or not {"logo", "email", "telephone"} & organization.keys()
        assert url == "/" or "potentialAction" not in website


# A page's text needn't contain the values of these keys: they are URLs, codes, or names that search engines define.
NOT_SHOWN = {"@context", "@id", "@type", "url", "item", "image", "logo", "target", "query-input", "sameAs"}
NOT_SHOWN |= {"inLanguage", "itemListOrder", "applicationCategory", "operatingSystem", "priceCurrency"}


def statements(value, key=""):
    """Yield the key and the text of each value in structured data. Leave out the keys in NOT_SHOWN."""
    if isinstance(value, (dict, list)):
        for name, child in value.items() if isinstance(value, dict) else ((key, each) for each in value):
            yield from statements(child, name)
    elif key not in NOT_SHOWN:
        yield key, {"IN": "India"}.get(str(value), str(value))


def characters(text):
    """Return only the letters and digits of `text`, in lowercase. So the price 2500 matches `₹2,500` on the page.

    Spaces are removed too, because `get_text` writes a space inside a word that markup splits.
    """
    return re.sub(r"[\W_]+", "", text).lower()


def test_structured_data_states_only_what_the_page_says(html_of_every_kind):
    for url, html in html_of_every_kind.items():
        page = BeautifulSoup(html, "html.parser")
        described = [meta["content"] for meta in page.find_all("meta", attrs={"name": "description"})]
        days = [time["datetime"] for time in page.find_all("time")]
        links = {link["href"] for link in page.find_all("a", href=True)}
        graph = graph_of(html)
        page.find("script", type="application/ld+json").decompose()
        said = characters(" ".join([page.body.get_text(" "), *described, *days]))
        missing = [each for each in statements(graph) if characters(each[1]) not in said]
        assert missing == [], url
        assert all(profile in links for item in graph["@graph"] for profile in item.get("sameAs", ())), url


def test_the_home_page_has_the_contact_details_of_the_organization(home):
    organization = home()["Organization"]
    assert organization.pop("logo").startswith(f"{SITE}/static/img/icon")
    assert organization == {
        "@type": "Organization",
        "@id": f"{SITE}/#org",
        "name": "LayersRank",
        "url": f"{SITE}/",
        "description": "Structured hiring assessments with a confidence interval on every score.",
        "email": "info@the-algo.com",
        "telephone": ["+91 89624 12726", "+44 7477 204642", "+1 720 334 7249"],
    }


def test_each_page_has_the_facts_about_the_organization_that_it_states(at, home):
    organization = at("/about")["Organization"]
    assert organization == {
        "@type": "Organization",
        "@id": f"{SITE}/#org",
        "name": "LayersRank",
        "url": f"{SITE}/",
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
    named = home("## US\n\nThe Algorithm has an office in Indore. In 2024, the algorithm was new.")["Organization"]
    assert named["parentOrganization"] == {"@type": "Organization", "name": "The Algorithm"}
    assert not {"foundingDate", "address", "sameAs"} & named.keys()


def test_the_home_page_describes_the_search_and_has_no_breadcrumbs(home, client):
    items = home()
    action = items["WebSite"]["potentialAction"]
    assert action == {"@type": "SearchAction", "target": f"{SITE}/search?q={{q}}", "query-input": "required name=q"}
    assert client.get(action["target"].format(q="interval")).status_code == 200
    assert "BreadcrumbList" not in items


def test_a_page_with_faq_and_plans_has_breadcrumbs_questions_and_the_software(at):
    items = at(SEED_URL)
    assert set(items) == {"FAQPage", "Organization", "WebSite", "BreadcrumbList", "SoftwareApplication"}
    breadcrumbs = items["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in breadcrumbs] == list(range(1, len(breadcrumbs) + 1))
    assert breadcrumbs[-1]["item"] == f"{SITE}{SEED_URL}"


def test_a_hub_lists_its_pages(at, client):
    listed = at("/hire")["ItemList"]["itemListElement"]
    shown = BeautifulSoup(client.get("/hire").content, "html.parser").select(".chart li > a")
    assert len(listed) > 3
    assert {(item["name"], item["url"]) for item in listed} == {(a.text, SITE + a["href"]) for a in shown}
    assert [item["position"] for item in listed] == list(range(1, len(listed) + 1))


def test_each_page_of_an_article_list_lists_its_own_articles(every_kind):
    def names(url):
        [items] = [item for item in every_kind[url]["@graph"] if item["@type"] == "ItemList"]
        return [item["name"] for item in items["itemListElement"]]

    assert names("/blog") == [f"post-{day}" for day in range(22, 2, -1)]
    assert names("/blog/page/2") == ["post-2", "post-1"]


def test_pages_that_show_the_list_of_a_hub_are_no_hubs(at):
    assert "ItemList" not in at("/") and "ItemList" not in at("/about")


def test_the_author_of_an_article_is_a_person_or_the_organization(every_kind):
    def article(url):
        [item] = [item for item in every_kind[url]["@graph"] if item["@type"] == "Article"]
        return item

    assert article("/blog/post-1")["author"] == {"@id": f"{SITE}/#org"}
    assert article("/blog/post-2")["author"] == {"@type": "Person", "name": "Asha Rao"}
    assert article("/blog/post-2")["mainEntityOfPage"] == {"@id": f"{SITE}/blog/post-2"}


def test_a_translation_names_its_original(every_kind):
    page = every_kind["/hi/about"]["@graph"][0]
    [original] = [item for item in objects_in(page) if item.get("@id") == f"{SITE}/about"]
    assert page["inLanguage"] == "hi" and page["translationOfWork"] == original
    assert set(original) == {"@type", "@id", "name", "url"}


def test_the_software_has_an_offer_for_each_plan_with_a_price_and_for_the_free_assessments(at):
    application = at(SEED_URL)["SoftwareApplication"]
    assert (application["name"], application["operatingSystem"]) == ("LayersRank", "Web")
    assert application["publisher"] == {"@id": f"{SITE}/#org"}
    rows = re.findall(r"^\| (Starter|Growth|Enterprise) \| (\S+) \| (.+) \|$", SEED.read_text(), re.MULTILINE)
    assert [(offer["name"], offer["price"], offer.get("description")) for offer in application["offers"]] == [
        ("Starter", "2500", rows[0][2]),
        ("Growth", "1800", rows[1][2]),
        ("Five assessments free. No credit card.", "0", None),
    ]
    assert rows[0][1] == "₹2,500" and rows[2][:2] == ("Enterprise", "Custom")


@pytest.mark.parametrize(
    ("value", "slogan", "limit"),
    [
        ("five", "Five assessments free.", 5),
        ("3", "3 free assessments", 3),
        ("five", "5 assessments free", 5),
        ("five", "Ten assessments free", None),
        ("five", "", None),
        ("five to ten", "Five to ten assessments free", None),
        ("some", "some assessments free", None),
    ],
)
def test_the_free_assessments_are_an_offer_with_their_limit(home, content, value, slogan, limit):
    (content / "site.toml").write_text(f'offer = "{slogan}"\n')
    (content / "facts.toml").write_text(fact_table("assessments.free", value))
    free = [offer for offer in offers(home, ("Lone", "₹9", "All")) if offer["name"] != "Lone"]
    quantity = {"@type": "QuantitativeValue", "maxValue": limit, "unitText": "assessment"}
    expected = {"@type": "Offer", "name": slogan, "price": "0", "priceCurrency": "INR", "eligibleQuantity": quantity}
    assert free == ([expected] if limit else [])


def test_a_price_has_a_unit(home):
    offer = offers(home, ("Starter", "₹2,500", "All"))[0]
    amount = {"price": "2500", "priceCurrency": "INR"}
    unit = {"@type": "UnitPriceSpecification", **amount, "unitText": "assessment"}
    assert offer == {"@type": "Offer", "name": "Starter", "description": "All", **amount, "priceSpecification": unit}
    offer = offers(home, ("Starter", "₹2,500", "All"), unit="Price")[0]
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
def test_only_a_plan_with_an_exact_price_is_an_offer(home, text, price):
    found = offers(home, ("Lone", text, "All")) or []
    assert [(offer["price"], offer["priceCurrency"]) for offer in found if offer["name"] == "Lone"] == (
        [(price, "INR")] if price else []
    )


@pytest.mark.parametrize(
    ("fact", "written", "price"),
    [("₹2,600", "₹2,500", "2600"), ("Custom", "₹2,500", None), ("₹2,500", "Ask us", "2500")],
)
def test_the_price_of_an_offer_is_the_fact_about_its_plan(home, content, fact, written, price):
    (content / "facts.toml").write_text(fact_table("price.small", fact, names=["Small"]))
    found = offers(home, ("Small", written, "All"), ("Large", "₹9", "All"))
    prices = {offer["name"]: offer["price"] for offer in found}
    assert prices == ({"Small": price} if price else {}) | {"Large": "9"}


def test_without_plans_there_are_no_offers(home):
    assert offers(home, ("Enterprise", "Custom", "All")) is None
    assert "SoftwareApplication" not in home("## PRICING\n\nAsk us.")
    assert "SoftwareApplication" not in home()


def test_there_are_no_ratings(client, content):
    assert not re.search(r"rating|review", client.get(SEED_URL).content.decode().split("</head>")[0], re.IGNORECASE)


def test_structured_data_omits_missing_settings_and_facts(home, content):
    (content / "site.toml").write_text('name = "Ours"\n')
    (content / "facts.toml").write_text("# No facts\n")
    assert set(home()["Organization"]) == {"@type", "@id", "name", "url", "logo"}


def test_text_cannot_close_the_script_element(client, content):
    keep_documents(content)
    body = "`</script><b>`\n\n" + PLANS.format(unit="Price", rows="| </script> | ₹1 | `<!--` |")
    (content / "index.md").write_text(HOME.format(body=body))
    (content / "site.toml").write_text('name = "<!--<script>"\n')
    (content / "facts.toml").write_text(fact_table("company.parent", "</script><b>"))
    items = items_of(client.get("/").content)
    assert list(items) == ["WebPage", "Organization", "WebSite", "SoftwareApplication"]
    assert items["Organization"]["parentOrganization"]["name"] == "</script><b>"
    offer = items["SoftwareApplication"]["offers"][0]
    assert (offer["name"], offer["description"]) == ("</script>", "<!--")


def test_the_footer_and_structured_data_have_the_same_contact_details(client, content, home):
    organization, page = home()["Organization"], client.get("/").content.decode()
    assert all(number in page for number in organization["telephone"])
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
    keep_documents(content, "about.md")
    (content / "facts.toml").write_text("".join(fact_table(*fact) for fact in names.items()))
    page = BeautifulSoup(client.get("/about").content, "html.parser")
    assert [link.text for link in page.select("footer address a")] == shown
