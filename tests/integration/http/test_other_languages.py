"""Pages in other languages: their markup, their links to each other, and the site's own words."""

from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from pages.content.languages import Language
from pages.content.site_words import WORDS, WORDS_OF_NOTICES
from pages.publish.dependencies import Dependencies
from pages.repository import current

from ...conftest import SEED_URL
from ...support.content_samples import keep_documents
from ...support.json_ld import graph_of

SITE = "http://127.0.0.1:8000"
URL = "/hi/hire/ml"
OTHERS = ".versions nav a:not(.breadcrumbs a)"
META = "Title: मशीन\nDescription: विवरण\nLanguage: {language}\n"
KEPT = ("index.md", "pricing.md", "start.md", "hire/index.md", "hire/machine-learning-engineer.md")
LINK = f"Translation of: {SEED_URL}\n"
BODY = "## HERO\n\n**Headline:** शीर्षक\n\n## कुछ\n\nशब्द।\n"
FORM = """## फ़ॉर्म

| Field | Name | Required | Help |
|---|---|---|---|
| ईमेल | email | yes | |
| संदेश | message | no | |

**Button:** भेजें

**Consent:** सहमति

**Thanks:** **धन्यवाद।** हम लिखेंगे।

**Reply subject:** विषय

**Reply:** उत्तर
"""


def write(content, url, meta, body=BODY):
    path = content / f"{url.strip('/')}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# नाम\n## {url}\n\n## META\n\n```\n{meta}```\n\n{body}")


@pytest.fixture
def hindi(content):
    """A Hindi version of the seed page, with translated words. Most other pages are removed."""
    keep_documents(content, *KEPT)
    write(content, URL, META.format(language="hi") + LINK)
    translations = "".join(f'"{text}" = "हि {text}"\n' for text in (*WORDS, *WORDS_OF_NOTICES, "Start free"))
    with (content / "site.toml").open("a") as file:
        file.write(f"\n[translations.hi]\n{translations}")
    return content


def page_at(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def alternates(page):
    return {link["hreflang"]: link["href"] for link in page.find_all("link", rel="alternate", hreflang=True)}


def test_the_page_says_its_language(client, hindi):
    assert page_at(client, URL).html.attrs == {"lang": "hi", "class": ["other-script"]}
    assert page_at(client, SEED_URL).html.attrs == {"lang": "en"}


@pytest.mark.parametrize(("language", "css"), [("ar", "right-to-left"), ("hi", "other-script"), ("de", "versions")])
def test_only_pages_that_need_it_have_the_css(client, content, language, css):
    write(content, URL, META.format(language=language) + LINK)
    page = page_at(client, URL)
    assert page.html.get("dir") == {"ar": "rtl"}.get(language)
    assert f".{css}" in page.style.string
    assert (".right-to-left" in page.style.string) == (language == "ar")
    others = page_at(client, "/pricing").style.string
    assert not any(name in others for name in (".right-to-left", ".other-script", ".versions"))


def test_all_versions_name_each_other_for_search_engines(client, hindi):
    expected = {"en": SITE + SEED_URL, "hi": SITE + URL, "x-default": SITE + SEED_URL}
    assert alternates(page_at(client, SEED_URL)) == alternates(page_at(client, URL)) == expected
    assert alternates(page_at(client, "/pricing")) == {}


@pytest.mark.parametrize("meta", ["Status: draft\n", "Robots: noindex\n", "Canonical: /pricing\n"])
def test_search_engines_get_no_version_that_they_may_not_list(client, content, meta):
    write(content, URL, META.format(language="hi") + LINK + meta)
    assert alternates(page_at(client, SEED_URL)) == {}


def test_the_sitemap_has_all_versions(client, hindi):
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  trusted
    links = {
        each.find("s:loc", names).text: {
            link.get("hreflang"): link.get("href") for link in each.findall("x:link", names)
        }
        for each in tree.findall("s:url", names)
    }
    expected = {"en": SITE + SEED_URL, "hi": SITE + URL, "x-default": SITE + SEED_URL}
    assert links[SITE + SEED_URL] == links[SITE + URL] == expected
    assert links[f"{SITE}/pricing"] == {}


def test_visitors_get_a_link_to_each_other_version(client, hindi):
    write(hindi, "/ar/ml", META.format(language="ar") + LINK)
    links = page_at(client, SEED_URL).select(OTHERS)
    assert [(link["href"], link["lang"], link["hreflang"], link.text) for link in links] == [
        ("/ar/ml", "ar", "ar", "العربية"),
        (URL, "hi", "hi", "हिन्दी"),
    ]
    assert [link.text for link in page_at(client, URL).select(OTHERS)] == ["English", "العربية"]
    assert page_at(client, "/pricing").select(".versions") == []


def test_head_tags_name_the_languages(client, hindi):
    page = page_at(client, URL)
    assert [tag["content"] for tag in page.find_all("meta", property="og:locale")] == ["hi_IN"]
    assert [tag["content"] for tag in page.find_all("meta", property="og:locale:alternate")] == ["en_US"]
    web_page = graph_of(str(page))["@graph"][0]
    assert web_page["inLanguage"] == "hi" and web_page["translationOfWork"]["@id"] == SITE + SEED_URL


def test_the_sites_own_words_are_in_the_language_of_the_page(client, hindi):
    page = page_at(client, URL)
    assert page.select_one(".skip-link").text == "हि Skip to content"
    assert page.select_one(".header-actions .button").text == "हि Start free"
    assert [crumb.text.strip() for crumb in page.select(".breadcrumbs li")] == ["हि Home", "Hire", "नाम"]
    assert page_at(client, SEED_URL).select_one(".skip-link").text == "Skip to content"


def test_missing_words_are_english(client, content):
    write(content, URL, META.format(language="hi"))
    assert page_at(client, URL).select_one(".skip-link").text == "Skip to content"


def test_navigation_leads_to_pages_in_the_same_language(client, hindi):
    write(hindi, "/hi", META.format(language="hi") + "Translation of: /\n")
    write(hindi, "/hi/hire", META.format(language="hi") + "Translation of: /hire\n")
    page = page_at(client, URL)
    header = {link["href"]: link.text for link in page.select(".site-header nav a")}
    assert header["/hi/hire"] == "नाम" and "/hire" not in header and "/pricing" in header
    assert page.select_one(".site-header .brand")["href"] == "/hi"
    assert [link["href"] for link in page.select(".breadcrumbs a")] == ["/hi", "/hi/hire"]
    assert page_at(client, "/hi").select(".breadcrumbs") == []
    assert page_at(client, SEED_URL).select_one(".site-header .brand")["href"] == "/"


def test_an_error_page_is_in_the_language_of_the_site(client, content):
    settings = (content / "site.toml").read_text()
    (content / "site.toml").write_text(
        f'language = "hi"\n{settings}\n[translations.hi]\n"Page not found" = "नहीं मिला"\n'
    )
    page = page_at(client, "/no-such-page", 404)
    assert (page.html["lang"], page.h1.text) == ("hi", "नहीं मिला")


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/hi/hire/ml/x", "hi"),
        ("/hi/none", "hi"),
        ("/hi", "hi"),
        ("/none", "en"),
        ("/hire/none", "en"),
        ("/hi-x", "en"),
    ],
)
def test_an_error_page_is_in_the_language_of_the_pages_near_its_address(client, hindi, path, language):
    page = page_at(client, path, 404)
    assert page.html["lang"] == language
    assert page.h1.text == ("हि Page not found" if language == "hi" else "Page not found")
    assert page.select_one(".skip-link").text.startswith("हि") == (language == "hi")


def test_the_search_page_is_in_the_language_of_the_page_that_leads_to_it(client, hindi):
    link = page_at(client, URL).select_one(".search-link")["href"]
    assert link == "/search?lang=hi"
    page = page_at(client, f"{link}&q=engineer")
    assert (page.html["lang"], page.h1.text) == ("hi", "हि Search")
    assert page.select_one(".search-results h2").text.strip().startswith("हि ")
    assert page.select_one("form.search input[name=lang]")["value"] == "hi"
    for path in ("/search?q=engineer", "/search?q=engineer&lang=de"):
        assert page_at(client, path).html["lang"] == "en"
    assert page_at(client, SEED_URL).select_one(".search-link")["href"] == "/search"


def test_a_refused_form_is_answered_in_the_language_of_the_page(client, hindi):
    response = client.post(URL)
    assert response.status_code == 405 and 'lang="hi"' in response.content.decode()


def test_a_byline_and_a_feed_are_in_the_language_of_their_pages(client, hindi):
    write(hindi, "/hi", META.format(language="hi"), "**Pages under:** /hi")
    write(hindi, "/hi/a", META.format(language="hi") + "Author: आशा\nDate: 2025-03-09\n")
    assert page_at(client, "/hi/a").select_one(".byline time").text == "9 हि March 2025"
    assert page_at(client, "/hi").select_one(".article-date").text == "9 हि March 2025"
    assert 'xml:lang="hi"' in client.get("/hi/feed.xml").content.decode()


def test_a_page_is_rendered_again_when_a_version_appears(content):
    with current.record_accesses() as accessed:
        visible = current.visible_pages()
        visible.in_language(visible.page(SEED_URL), Language("hi"))
    before = Dependencies(visible).fingerprint(SEED_URL, accessed)
    write(content, URL, META.format(language="hi") + LINK)
    assert not Dependencies(current.visible_pages()).is_fresh(SEED_URL, before)
