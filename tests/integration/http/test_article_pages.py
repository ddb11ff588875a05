"""Articles as visitors and feed readers see them: bylines, a hub's list on several pages, and the hub's feed."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from pages.http import crawler_files
from pages.http.caching import PUBLIC

from ...support.json_ld import items_of

SITE = "https://www.example.com"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HUB_META = "\n## META\n\n```\nTitle: Blog | Site\nDescription: About the blog.\n{more}```\n"
HUB = "# Blog\n## /blog\n" + HUB_META + "\nAn introduction.\n\n## ARTICLES\n\n**Pages under:** /blog\n"


@pytest.fixture
def write(content, settings):
    """A function that writes an article. The site has a hub and no other pages."""
    settings.SITE_URL = SITE

    def write_article(name, day="2025-01-01", *more, text="Words.", title=None):
        meta = "\n".join([f"Title: {name}", f"Description: About {name}.", "Author: Asha Rao", f"Date: {day}", *more])
        text = f"# {title or name}\n## /blog/{name}\n\n## META\n\n```\n{meta}\n```\n\n{text}\n"
        (content / "blog" / f"{name}.md").write_text(text)

    for path in content.rglob("*.md"):
        path.unlink()
    (content / "blog").mkdir()
    (content / "blog" / "index.md").write_text(HUB.format(more=""))
    return write_article


@pytest.fixture
def write_many(write):
    def write_articles(count):
        for number in range(count):
            write(f"article-{number:02}", f"2025-01-{number % 28 + 1:02}" if number < 28 else "2024-01-01")

    return write_articles


@pytest.fixture
def at(client):
    return lambda path: BeautifulSoup(client.get(path).content, "html.parser")


def text_of(element):
    return " ".join(element.text.split())


def links(page, rel):
    """Return the links in the head, without the link to the Markdown version."""
    found = page.find_all("link", rel=rel)
    return [link["href"] for link in found if link.get("type") != "text/markdown"]


# The page of an article


def test_the_byline_shows_the_author_and_the_dates(write, at):
    write("a", "2025-03-09")
    write("b", "2025-03-09", "Updated: 2025-04-01", text="## HERO\n\n**Headline:** Heads\n\n**Subhead:** Up")
    write("c", "2025-03-09", "Updated: 2025-03-09")
    assert text_of(at("/blog/a").select_one(".masthead .byline")) == "By Asha Rao, 9 March 2025"
    byline = at("/blog/b").select_one(".hero .byline")
    assert text_of(byline) == "By Asha Rao, 9 March 2025. Updated 1 April 2025"
    assert [time["datetime"] for time in byline.find_all("time")] == ["2025-03-09", "2025-04-01"]
    assert text_of(at("/blog/c").select_one(".byline")) == "By Asha Rao, 9 March 2025"


def test_pages_that_are_not_articles_have_no_byline_no_dates_and_none_of_their_styles(write, client, content):
    write("a")
    (content / "plain.md").write_text("# Plain\n## /plain\n\n## META\n\n```\nAuthor: Asha Rao\n```\n\nWords.\n")
    plain, article = (client.get(path).content.decode() for path in ("/plain", "/blog/a"))
    for trace in ("byline", "Asha Rao", "article", "page-numbers", "feed.xml", "atom"):
        assert trace not in plain
    assert "p.byline{" in article and "page-numbers" not in article


def test_the_head_of_an_article(write, at):
    write("a", "2025-03-09", "Updated: 2025-04-01", text="## HERO\n\n**Headline:** *Heads* & tails")
    page = at("/blog/a")
    tags = {tag["property"]: tag["content"] for tag in page.find_all("meta", property=True)}
    assert tags["og:type"] == "article" and tags["article:author"] == "Asha Rao"
    assert (tags["article:published_time"], tags["article:modified_time"]) == ("2025-03-09", "2025-04-01")
    assert items_of(str(page))["Article"] == {
        "@type": "Article",
        "@id": f"{SITE}/blog/a#article",
        "headline": "Heads & tails",
        "description": "About a.",
        "image": tags["og:image"],
        "datePublished": "2025-03-09",
        "dateModified": "2025-04-01",
        "author": {"@type": "Person", "name": "Asha Rao"},
        "publisher": {"@id": f"{SITE}/#org"},
        "mainEntityOfPage": {"@id": f"{SITE}/blog/a"},
    }


def test_the_site_itself_can_be_the_author(write, at, content):
    write("a")
    path = content / "blog" / "a.md"
    path.write_text(path.read_text().replace("Asha Rao", "LayersRank"))
    article = items_of(str(at("/blog/a")))["Article"]
    assert article["author"] == article["publisher"]


# The list


def test_a_hub_lists_its_articles_with_their_dates_above_its_other_pages(write, at, content):
    write("old", "2024-12-31")
    write("new", "2025-02-01", title="Blog: New")
    (content / "blog" / "page.md").write_text("# Blog Page\n## /blog/page\n\nWords.\n")
    first, second = at("/blog").select(".cards")
    assert [text_of(row) for row in first.find_all("li")] == [
        "New 1 February 2025 About new.",
        "old 31 December 2024 About old.",
    ]
    assert [text_of(row) for row in second.find_all("li")] == ["Page"]
    assert at("/blog").select(".page-numbers") == []


def test_a_long_list_continues_on_pages_of_their_own(write_many, at, client):
    write_many(45)
    shown = []
    for number, path in enumerate(("/blog", "/blog/page/2", "/blog/page/3"), start=1):
        page = at(path)
        shown += [link["href"] for link in page.select(".cards a")]
        assert links(page, "canonical") == [SITE + path]
        nav = page.select_one("nav.page-numbers")
        assert nav["aria-label"] and text_of(nav.select_one("[aria-current=page]")) == str(number)
        assert page.find("h1").text == ("Blog" if number == 1 else f"Blog, page {number}")
        assert ("An introduction." in page.text) == (number == 1)
    assert len(shown) == len(set(shown)) == 45
    assert client.get("/blog/page/4").status_code == 404
    middle = at("/blog/page/2")
    assert (links(middle, "prev"), links(middle, "next")) == ([f"{SITE}/blog"], [f"{SITE}/blog/page/3"])
    assert (links(at("/blog"), "prev"), links(at("/blog"), "next")) == ([], [f"{SITE}/blog/page/2"])
    assert links(at("/blog/page/3"), "next") == []
    assert [a["href"] for a in middle.select(".page-numbers a[rel]")] == ["/blog", "/blog/page/3"]
    titles = {page.title.text for page in (at("/blog"), middle, at("/blog/page/3"))}
    assert titles == {"Blog | Site", "Page 2: Blog | Site", "Page 3: Blog | Site"}
    assert not middle.find("meta", attrs={"name": "description"})
    crumbs = [text_of(crumb) for crumb in middle.select(".breadcrumbs li")]
    assert crumbs == ["Home", "Blog", "Page 2"] and middle.select_one(".breadcrumbs a[href='/blog']")
    image = middle.find("meta", property="og:image")["content"]
    assert image == at("/blog").find("meta", property="og:image")["content"]


def test_the_numbers_of_a_long_list_leave_gaps(write, at, monkeypatch):
    monkeypatch.setattr("pages.content.articles.ARTICLES_PER_PAGE", 1)
    for number in range(9):
        write(f"article-{number}")
    numbers = [text_of(item) for item in at("/blog/page/5").select(".page-numbers li")]
    assert numbers == ["Previous", "1", "…", "4", "5", "6", "…", "9", "Next"]
    assert [text_of(item) for item in at("/blog").select(".page-numbers li")] == ["1", "2", "…", "9", "Next"]


def test_another_page_shows_the_newest_articles_and_a_link_to_the_hub(write_many, at, content):
    write_many(21)
    (content / "index.md").write_text("# Home\n## /\n\n## NEWS\n\n**Pages under:** /blog\n")
    page = at("/")
    assert len(page.select(".cards li")) == 20 and page.select(".page-numbers") == []
    assert page.find("a", string="All articles in Blog")["href"] == "/blog"
    assert links(page, "alternate") == []


def test_the_home_page_can_be_a_hub(write, at, content, client):
    (content / "index.md").write_text("# Home\n## /\n\n## NEWS\n\n**Pages under:** /\n")
    for number in range(21):
        text = f"# N{number}\n## /n{number}\n\n## META\n\n```\nAuthor: A\nDate: 2025-01-01\n```\n\nWords.\n"
        (content / f"n{number}.md").write_text(text)
    assert len(at("/page/2").select(".cards li")) == 1
    assert [text_of(crumb) for crumb in at("/page/2").select(".breadcrumbs li")] == ["Home", "Page 2"]
    assert links(at("/n1"), "alternate") == [f"{SITE}/feed.xml"]
    assert client.get("/feed.xml").status_code == 200


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/blog/page/1", "/blog"),
        ("/Blog/Page/2/", "/blog/page/2"),
        ("/blog/FEED.xml", "/blog/feed.xml"),
        ("/news/feed.xml", "/blog/feed.xml"),
        ("/news/page/2?a=b", "/blog/page/2?a=b"),
        ("/news/page/1", "/blog"),
    ],
)
def test_other_spellings_and_old_urls_of_a_hub_redirect(write_many, client, content, path, target):
    (content / "blog" / "index.md").write_text(HUB.format(more="Aliases: /news\n"))
    write_many(21)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (301, target)


@pytest.mark.parametrize(
    "path",
    ["/blog/page/0", "/blog/page/02", "/blog/page/3", "/blog/page/2/feed.xml", "/blog/article-01/page/1", "/a/feed.xml",
     "/blog/article-01/feed.xml"],
)  # fmt: skip
def test_there_are_no_other_pages_under_a_hub(write_many, client, path):
    write_many(21)
    assert client.get(path).status_code == 404


def test_list_pages_and_feeds_take_no_forms(write_many, client):
    write_many(21)
    assert [client.post(path).status_code for path in ("/blog/page/2", "/blog/feed.xml")] == [405, 405]
    assert client.head("/blog/feed.xml").status_code == 200


def test_the_sitemap_has_all_pages_of_a_list_unless_the_hub_is_not_indexed(write_many, client, content):
    write_many(41)

    def locations():
        root = ElementTree.fromstring(client.get(reverse(crawler_files.sitemap)).content)  # noqa: S314  trusted
        return [element.text for element in root.findall(".//{*}loc") if "article" not in element.text]

    assert locations() == [f"{SITE}/blog{end}" for end in ("", "/page/2", "/page/3")]
    assert "page/2" not in client.get(reverse(crawler_files.llms)).content.decode()
    (content / "blog" / "index.md").write_text(HUB.format(more="Robots: noindex\n"))
    assert locations() == []
    assert 'name="robots" content="noindex"' in client.get("/blog/page/2").content.decode()


def test_the_footer_lists_no_articles(write, at, content):
    write("a")
    site = content / "site.toml"
    site.write_text(site.read_text().replace("footer = [", 'footer = ["/blog", ', 1))
    assert [link["href"] for link in at("/blog/a").select("footer a") if "blog" in link["href"]] == ["/blog"]


# The feed


@pytest.fixture
def feed(client):
    return lambda path="/blog/feed.xml": ElementTree.fromstring(client.get(path).content)  # noqa: S314  trusted


def entries(feed, name):
    return [element.text for element in feed.findall(f"a:entry/a:{name}", ATOM)]


def test_the_hub_its_pages_and_its_articles_link_to_the_feed(write_many, at, content):
    write_many(21)
    (content / "blog" / "page.md").write_text("# Page\n## /blog/page\n\nWords.\n")
    for path in ("/blog", "/blog/page/2", "/blog/article-01"):
        [link] = at(path).find_all("link", rel="alternate", type="application/atom+xml")
        assert link.attrs | {"rel": ""} == {
            "rel": "",
            "type": "application/atom+xml",
            "title": "LayersRank: Blog",
            "href": f"{SITE}/blog/feed.xml",
        }
    assert links(at("/blog/page"), "alternate") == []


def test_the_feed_has_all_elements_that_atom_requires(write, client, feed):
    write("a", "2025-03-09", "Updated: 2025-04-01", title="Salt & <Sugar>")
    response = client.get("/blog/feed.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Cache-Control"] == PUBLIC and not response.has_header("Last-Modified")
    root = feed()
    values = {element.tag.partition("}")[2]: element.text for element in root if element.text}
    assert values == {
        "title": "LayersRank: Blog",
        "subtitle": "About the blog.",
        "id": f"{SITE}/blog/feed.xml",
        "updated": "2025-04-01T00:00:00+00:00",
    }
    hrefs = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert hrefs == {"self": f"{SITE}/blog/feed.xml", "alternate": f"{SITE}/blog"}
    assert entries(root, "title") == ["Salt & <Sugar>"]
    assert (
        entries(root, "id") == [f"{SITE}/blog/a"] == [link.get("href") for link in root.findall("a:entry/a:link", ATOM)]
    )
    assert entries(root, "published") == ["2025-03-09T00:00:00+00:00"]
    assert entries(root, "updated") == ["2025-04-01T00:00:00+00:00"]
    assert entries(root, "author/a:name") == ["Asha Rao"]


def test_the_summary_is_the_description_as_html_or_the_teaser(write, feed, content):
    write("a", "2025-03-09", text="## THE CHALLENGE\n\nBread is 1 < 2.\n\n- **A.** b")
    path = content / "blog" / "a.md"
    before = path.read_text()
    path.write_text(before.replace("About a.", "Why a < b & c"))
    assert entries(feed(), "summary") == ["Why a &lt; b &amp; c"]
    path.write_text(before.replace("Description: About a.\n", ""))
    assert entries(feed(), "summary") == ["Bread is 1 &lt; 2."]


def test_characters_that_xml_forbids_are_left_out(write, feed):
    write("a", title="One\x0btwo\x1f \ufffe three")
    assert "One" in entries(feed(), "title")[0]


def test_the_feed_has_the_twenty_newest_articles_and_no_hidden_ones(write_many, write, feed):
    write_many(25)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    write("draft", "2025-06-01", "Status: draft")
    write("later", "2025-06-01", f"Publish: {tomorrow:%Y-%m-%d %H:%M}")
    write("secret", "2025-06-01", "Robots: noindex")
    assert entries(feed(), "title") == [f"article-{number:02}" for number in range(24, 4, -1)]


@pytest.mark.parametrize("debug", [False, True])
def test_a_hub_without_articles_in_its_feed_has_no_feed(write, at, client, settings, debug):
    settings.DEBUG = debug
    write("draft", "2025-06-01", "Status: draft")
    write("secret", "2025-06-01", "Robots: noindex")
    assert client.get("/blog/feed.xml").status_code == 404
    assert links(at("/blog"), "alternate") == links(at("/blog/secret"), "alternate") == []


def test_drafts_are_listed_in_development_but_never_in_the_feed(write, at, feed, settings):
    settings.DEBUG = True
    write("a")
    write("draft", "2025-06-01", "Status: draft")
    assert [link["href"] for link in at("/blog").select(".cards a")] == ["/blog/draft", "/blog/a"]
    assert entries(feed(), "title") == ["a"]
