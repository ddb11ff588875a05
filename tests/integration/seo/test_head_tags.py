"""The tags in `<head>`."""

import html
import re

import pytest
from bs4 import BeautifulSoup

from pages.media.social_cards import card_of
from pages.repository import current

from ...conftest import SEED, SEED_URL
from ...support.json_ld import items_of

META = dict(line.split(": ", 1) for line in SEED.read_text().split("```")[1].strip().splitlines())
CANONICAL = "http://127.0.0.1:8000/hire/machine-learning-engineer"


@pytest.fixture(scope="module")
def rendered():
    """A cache for `head`, because rendering the page again for each test would take seconds."""
    return {}


@pytest.fixture
def head(client, content, rendered):
    """The head of the seed page. Tests must not change it."""
    if not rendered:
        rendered["page"] = BeautifulSoup(client.get(SEED_URL).content, "html.parser")
    return rendered["page"].head


def test_the_title_is_metas_title(head):
    assert [title.string for title in head.find_all("title")] == [META["Title"]]


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("name", "description", META["Description"]),
        ("name", "keywords", META["Keywords"]),
        ("property", "og:title", META["Title"]),
        ("property", "og:description", META["Description"]),
        ("property", "og:url", CANONICAL),
        ("property", "og:type", "website"),
        ("property", "og:site_name", "LayersRank"),
        ("property", "og:locale", "en_US"),
        ("property", "og:image:type", "image/png"),
        ("property", "og:image:width", "1200"),
        ("property", "og:image:height", "630"),
        ("name", "twitter:card", "summary_large_image"),
        ("name", "viewport", "width=device-width"),
    ],
)
def test_each_tag_occurs_once(head, key, name, value):
    assert [tag["content"] for tag in head.find_all("meta", {key: name})] == [value]


def test_the_image_is_the_social_card_of_the_page(head):
    """Other tags for X (twitter:…) are not necessary. If such a tag is missing, X reads the og tag."""
    card = card_of(current.get_library().pages[SEED_URL], "LayersRank")
    (image,) = head.find_all("meta", {"property": "og:image"})
    assert image["content"] == "http://127.0.0.1:8000" + card.url
    for key, name in (("property", "og:image:alt"), ("name", "twitter:image:alt")):
        assert [tag["content"] for tag in head.find_all("meta", {key: name})] == [card.alt]


def test_the_canonical_url_is_absolute(head):
    assert [link["href"] for link in head.find_all("link", rel="canonical")] == [CANONICAL]


def test_head_tags_are_not_empty_and_allow_indexing(head):
    assert all(tag["content"] for tag in head.find_all("meta", content=True))
    assert not head.find_all("meta", {"name": "robots"})


def test_optional_meta_keys(client, content):
    path = content / "hire" / "machine-learning-engineer.md"
    lines = "Robots: noindex\nCanonical: /hire\nImage: /static/x.png\nKeywords:"
    path.write_text(path.read_text().replace("Keywords:", lines))
    head = BeautifulSoup(client.get(SEED_URL).content, "html.parser").head
    assert head.find("meta", {"name": "robots"})["content"] == "noindex"
    assert head.find("link", rel="canonical")["href"] == "http://127.0.0.1:8000/hire"
    assert head.find("meta", {"name": "twitter:card"})["content"] == "summary_large_image"
    of_the_image = {
        tag.get("property") or tag["name"]: tag["content"]
        for tag in head.find_all("meta", content=re.compile("static/x"))
    }
    assert of_the_image == {"og:image": "http://127.0.0.1:8000/static/x.png"}
    assert not head.find("meta", {"property": re.compile("og:image:")})
    assert not head.find("meta", {"name": "twitter:image:alt"})


def test_an_image_url_of_another_site_is_unchanged(client, content):
    path = content / "hire" / "machine-learning-engineer.md"
    path.write_text(path.read_text().replace("Keywords:", "Image: https://elsewhere.example/x.png\nKeywords:"))
    head = BeautifulSoup(client.get(SEED_URL).content, "html.parser").head
    assert head.find("meta", {"property": "og:image"})["content"] == "https://elsewhere.example/x.png"


def test_meta_text_is_escaped(client, content):
    path = content / "hire" / "machine-learning-engineer.md"
    evil = 'Title: </title><script>alert("1")</script>'
    path.write_text(
        re.sub(r"Title: .*", evil, path.read_text()).replace("FAQ\n", 'FAQ\n\n**Is </script> "safe"?**\nYes.\n')
    )
    page = client.get(SEED_URL).content.decode()
    assert "<script>alert" not in page
    assert html.escape('</title><script>alert("1")</script>', quote=True) in page
    questions = items_of(page)["FAQPage"]["mainEntity"]
    assert questions[0]["name"] == 'Is </script> "safe"?'


def test_structured_data_contains_the_breadcrumbs(head):
    items = items_of(str(head.parent))["BreadcrumbList"]["itemListElement"]
    assert [(item["name"], item["item"]) for item in items] == [
        ("Home", "http://127.0.0.1:8000/"),
        ("Hire", "http://127.0.0.1:8000/hire"),
        ("Machine Learning Engineer", CANONICAL),
    ]


def test_faq_in_structured_data(head):
    questions = items_of(str(head.parent))["FAQPage"]["mainEntity"]
    faq = re.findall(r"^\*\*(.+\?)\*\*\n(.+)", SEED.read_text(), re.MULTILINE)
    assert [(item["name"], item["acceptedAnswer"]["text"]) for item in questions] == faq
