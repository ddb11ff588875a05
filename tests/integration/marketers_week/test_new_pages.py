"""Add pages, hubs and articles. Publish them at once, later, or only for a campaign."""

from xml.etree import ElementTree

import pytest

from pages.content.scaffold_outlines import KINDS
from tests.support.marketer import DESCRIPTION

from ...support.json_ld import items_of

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
LATER = "Publish: 2999-12-01 09:00 +05:30\n"
URLS = {
    "role": "/hire/qa-engineer",
    "comparison": "/compare/coding-tests",
    "article": "/blog/intervals",
    "landing": "/spring-offer",
    "page": "/press",
    "hub": "/compare",
}


def article(marketer, name, day, text="Words.", more=""):
    marketer.write_page(f"blog/{name}", text, f"Author: Asha Rao\nDate: {day}\n{more}", name.title())


def unique(problems):
    """Return the problems without repetitions. For example, a line with two TODOs has the same problem twice."""
    return list(dict.fromkeys(problems))


@pytest.fixture
def blog(marketer):
    """A marketer whose folder has a hub for articles, and a link to it from three pages."""
    marketer.write_page("blog/index", "**Pages under:** /blog", name="Blog")
    for path in ("index", "pricing", "start"):
        marketer.write_page(path, "Read [our blog](/blog).")
    return marketer


def test_every_kind_of_page_has_a_task():
    assert set(URLS) == set(KINDS)


@pytest.mark.parametrize("kind", URLS)
def test_start_a_page(marketer, kind):
    url = URLS[kind]
    output, passes = marketer.run("new_page", url, "--kind", kind)
    path = f"{url.lstrip('/')}{'/index' if kind == 'hub' else ''}.md"
    assert passes and f"content/{path}" in output
    text = (marketer.folder / path).read_text()
    todos = [number for number, line in enumerate(text.splitlines(), start=1) if "TODO" in line]
    assert marketer.problems() == [], "a draft never fails the strict check"
    assert unique(marketer.problems("--drafts")) == [f"{path}:{line}: gap" for line in todos]
    assert marketer.get(url).status_code == 404
    assert "COMPARES" not in text.upper()


def test_start_a_page_like_another_one(marketer):
    marketer.write_page("pricing", "Words.\n\n## HOW IT WORKS\n\n1. **Ask** — Questions\n2. **Read** — Reports")
    marketer.run("new_page", "/prices-for-schools", "--like", "/pricing")
    text = (marketer.folder / "prices-for-schools.md").read_text()
    assert "## HOW IT WORKS" in text
    assert {problem.rpartition(" ")[2] for problem in marketer.problems("--drafts")} == {"gap"}


def test_publish_a_draft(marketer):
    marketer.write_page("press", "TODO: words", "Status: draft\n")
    output, passes = marketer.run("check_content", "--strict")
    assert passes and "These problems don't fail the check." in output and "press.md:14" in output
    assert marketer.problems() == [] and "press.md:14: gap" in marketer.problems("--drafts")
    assert marketer.get("/press").status_code == 404
    marketer.edit("press.md", "TODO: words", "Words.")
    marketer.edit("press.md", "Status: draft\n", "")
    assert marketer.problems() == ["press.md:2: few-links-in"]
    for path in ("index", "pricing", "start"):
        marketer.write_page(path, "Read [the press page](/press).")
    assert marketer.problems() == []
    assert marketer.text("/press", "h1") == "Press"


def test_schedule_a_page_and_link_to_it(marketer):
    marketer.write_page("launch", meta=LATER, name="Our Launch")
    marketer.write_page("pricing", "Read about [the launch](/launch).")
    assert marketer.problems() == []
    output, _ = marketer.run("check_content", "--strict")
    assert "content/pricing.md:13:13: notice: scheduled-link" in output
    assert marketer.get("/launch").status_code == 404
    assert "Read about the launch." in marketer.text("/pricing")
    assert marketer.page("/pricing").select("a[href='/launch']") == []
    marketer.edit("launch.md", "2999-12-01", "2020-12-01")
    assert marketer.page("/pricing").select("a[href='/launch']")
    assert marketer.text("/launch", "h1") == "Our Launch"


def test_let_a_page_expire(marketer):
    marketer.write_page("fair", meta="Expires: 2999-12-31\nExpires to: /pricing\nAliases: /expo\n", name="The Fair")
    for path in ("index", "start", "pricing"):
        marketer.write_page(path, "Visit [the fair](/fair).")
    assert marketer.problems() == []
    output, _ = marketer.run("check_content", "--strict")
    assert "content/pricing.md:13:8: notice: expiring-link" in output
    assert marketer.text("/fair", "h1") == "The Fair"
    marketer.edit("fair.md", "2999-12-31", "2020-12-31")
    assert marketer.problems() == []
    output, _ = marketer.run("check_content", "--strict")
    assert "content/fair.md:9:1: notice: expired-page" in output
    assert "Visit the fair." in marketer.text("/pricing")
    assert marketer.page("/pricing").select("a[href='/fair']") == []
    for path in ("/fair", "/expo"):
        response = marketer.get(path)
        assert (response.status_code, response["Location"]) == (301, "/pricing")
    marketer.edit("fair.md", "Expires to: /pricing\n", "")
    assert (marketer.get("/fair").status_code, marketer.get("/expo").status_code) == (410, 410)
    assert marketer.problems() == []


def test_a_live_page_with_a_link_to_a_draft_says_so(marketer):
    marketer.write_page("launch", meta="Status: draft\n")
    marketer.write_page("pricing", "Read about [the launch](/launch).")
    [report] = marketer.reports()
    assert (report["line"], report["rule"]) == (13, "broken-link") and "is a draft" in report["message"]


def test_write_a_landing_page_for_a_campaign(marketer):
    meta = f"```\nTitle: Spring Offer\nDescription: Spring: {DESCRIPTION}\nRobots: noindex\n```"
    hero = "## HERO\n\n**Headline:** Five more in spring\n\n**Primary CTA:** Start Free Trial"
    marketer.write("spring-offer.md", f"# Spring Offer\n## /spring-offer\n\n## META\n\n{meta}\n\n{hero}\n")
    assert marketer.problems() == []
    assert marketer.page("/spring-offer").select_one("meta[name=robots]")["content"] == "noindex"
    assert marketer.text("/spring-offer", "main a.button[href='/start']") == "Start Free Trial"
    assert "spring-offer" not in marketer.get("/sitemap.xml").text
    assert "/pricing" in marketer.get("/sitemap.xml").text


def test_start_a_hub(marketer):
    marketer.write_page("compare/index", "**Pages under:** /compare", name="Compare")
    for path in ("index", "pricing", "start"):
        marketer.write_page(path, "See [how we compare](/compare).")
    assert marketer.problems() == ["compare/index.md:13: broken-link"], "a hub without pages"
    marketer.write_page("compare/coding-tests", name="Coding Tests")
    marketer.write_page("hire/index", "**Pages under:** /hire\n\nSee [coding tests](/compare/coding-tests).")
    marketer.write_page("start", "See [how we compare](/compare) with [coding tests](/compare/coding-tests).")
    marketer.edit("site.toml", 'header = ["/hire",', 'header = ["/hire", "/compare",')
    assert marketer.problems() == []
    assert [link["href"] for link in marketer.page("/compare").select(".cards a")] == ["/compare/coding-tests"]
    assert marketer.text("/", "header a[href='/compare']") == "Compare"


# Articles


def test_write_an_article(blog):
    article(blog, "intervals", "2025-03-09", more="Updated: 2025-04-01\n")
    assert blog.problems() == []
    page = blog.page("/blog/intervals")
    assert blog.text("/blog/intervals", ".byline") == "By Asha Rao, 9 March 2025. Updated 1 April 2025"
    assert page.select_one("meta[property='og:type']")["content"] == "article"
    data = items_of(str(page))["Article"]
    assert (data["author"]["name"], data["datePublished"], data["dateModified"]) == (
        "Asha Rao",
        "2025-03-09",
        "2025-04-01",
    )


def test_list_many_articles_newest_first(blog):
    for number in range(1, 24):
        article(blog, f"article-{number:02}", f"2025-01-{number:02}")
    assert blog.problems() == []
    first, second = ([link["href"] for link in blog.page(url).select(".cards a")] for url in ("/blog", "/blog/page/2"))
    assert first + second == [f"/blog/article-{number:02}" for number in range(23, 0, -1)]
    assert len(first) == 20 and "23 January 2025" in blog.text("/blog", ".cards li")
    assert blog.page("/blog").select(".page-numbers a[href='/blog/page/2']")
    assert "/blog/page/2</loc>" in blog.get("/sitemap.xml").text


def test_offer_a_feed(blog):
    article(blog, "old", "2024-03-09")
    article(blog, "new", "2025-03-09")
    article(blog, "secret", "2025-04-09", more="Status: draft\n")
    blog.write_page("pricing", "Read [our blog](/blog), or [subscribe to our feed](/blog/feed.xml).")
    assert blog.problems() == []
    response = blog.get("/blog/feed.xml")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)  # noqa: S314  the feed comes from the test's own site
    assert [title.text for title in feed.findall("atom:entry/atom:title", ATOM)] == ["New", "Old"]
    for url in ("/blog", "/blog/new"):
        assert blog.page(url).select("link[rel=alternate][type='application/atom+xml'][href$='/blog/feed.xml']")


def test_publish_an_article_that_only_its_hub_links_to(blog):
    article(blog, "alone", "2025-03-09")
    assert blog.problems() == []
    assert blog.page("/blog").select(".cards a[href='/blog/alone']")


def test_schedule_an_article(blog):
    article(blog, "now", "2025-03-09")
    article(blog, "later", "2999-12-01", more=LATER)
    assert blog.problems() == []
    assert blog.get("/blog/later").status_code == 404
    for url in ("/blog", "/blog/feed.xml", "/sitemap.xml"):
        assert "/blog/later" not in blog.get(url).text
