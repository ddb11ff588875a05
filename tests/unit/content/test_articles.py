"""Articles: their order, the pages of their list, the feed, and problems with authors and dates."""

from datetime import UTC, datetime

import pytest

from pages.content import hub_paths, library
from pages.content.articles import ARTICLES_PER_PAGE, FEED_LENGTH, check_articles
from pages.content.hub_paths import HubPath
from pages.content.lazy_page import LazyPage
from pages.content.meta import Meta

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HUB = "# Blog\n## /blog\n\n## ARTICLES\n\n**Pages under:** /blog\n"


@pytest.fixture
def site(tmp_path):
    """A function that writes articles and loads the library. The argument `articles` maps names to META."""

    def load(articles, hub=HUB, **options):
        folder = tmp_path / "content"
        (folder / "blog").mkdir(parents=True, exist_ok=True)
        if hub:
            (folder / "blog" / "index.md").write_text(hub)
        for name, meta in articles.items():
            text = f"# {name.title()}\n## /blog/{name}\n\n## META\n\n```\nTitle: {name}\n{meta}\n```\n\nWords.\n"
            (folder / "blog" / f"{name}.md").write_text(text)
        return library.load(folder, **options)

    return load


def article(day, *more):
    return "\n".join(["Author: Asha Rao", f"Date: {day}", *more])


def many(count):
    return {f"a{number}": article(f"2025-{number // 28 + 1:02}-{number % 28 + 1:02}") for number in range(count)}


def names(pages):
    return [page.name for page in pages]


def test_articles_are_listed_newest_first_and_then_by_name(site):
    loaded = site({"old": article("2024-01-01"), "b": article("2025-01-01"), "a": article("2025-01-01"), "page": ""})
    assert names(loaded.articles.list_at("/blog", 1, NOW).pages) == ["A", "B", "Old"]
    assert names(loaded.articles.others["/blog"]) == ["Page"]


def test_an_article_needs_an_author_and_a_date(site):
    loaded = site({"one": "Author: Asha Rao", "two": "Date: 2025-01-01", "three": "Author: Asha Rao\nDate: soon"})
    assert list(loaded.articles.urls()) == []


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_a_list_has_pages_of_twenty(site, count, pages):
    index = site(many(count)).articles
    lists = [index.list_at("/blog", number, NOW) for number in range(1, pages + 2)]
    assert {each.count for each in lists} == {pages}
    assert sum(len(each.pages) for each in lists) == count and lists[-1].pages == ()
    assert all(len(each.pages) == ARTICLES_PER_PAGE for each in lists[: pages - 1])
    assert index.list_paths("/blog", NOW) == [f"/blog/page/{number}" for number in range(2, pages + 1)]


@pytest.mark.parametrize(
    "hub",
    [
        "",
        HUB.replace("**Pages under:** /blog", "Words."),
        HUB.replace("/blog\n\n## A", "/blog\n\n## META\n\n```\nStatus: draft\n```\n\n## A"),
    ],
)
def test_a_list_has_one_page_if_no_published_hub_continues_it(site, hub):
    listed = site(many(30), hub).articles.list_at("/blog", 1, NOW)
    assert (len(listed.pages), listed.count) == (30, 1)


def test_lists_do_not_read_the_documents_of_lazy_pages(site, monkeypatch):
    index = site(many(21), lazy=True).articles
    monkeypatch.setattr(LazyPage, "full", None)
    assert index.list_at("/blog", 2, NOW).count == 2 and index.has_path("/blog/feed.xml", NOW)


def test_the_feed_has_the_newest_articles_that_search_engines_may_list(site):
    loaded = site(many(30) | {"secret": article("2026-01-01", "Robots: noindex"), "new": article("2026-01-01")})
    feed = loaded.articles.feed_of("/blog", NOW)
    assert len(feed) == FEED_LENGTH and feed[0].name == "New"
    assert loaded.articles.list_at("/blog", 1, NOW).pages[1].name == "Secret"


def test_drafts_and_future_articles_appear_when_they_are_published(site):
    index = site(
        {
            "old": article("2025-01-01"),
            "draft": article("2025-02-01", "Status: draft"),
            "later": article("2026-06-02", "Publish: 2026-06-02 09:00"),
        }
    ).articles
    assert names(index.feed_of("/blog", NOW)) == ["Old"]
    assert names(index.list_at("/blog", 1, NOW.replace(day=3)).pages) == ["Later", "Old"]
    assert names(index.feed_of("/blog", NOW.replace(day=3))) == ["Later", "Old"]
    assert names(index.list_at("/blog", 1, NOW).pages) == ["Old"]
    assert names(index.list_at("/blog", 1, NOW, drafts=True).pages) == ["Later", "Draft", "Old"]


def test_the_published_articles_of_a_hub_are_found_only_once(site, monkeypatch):
    """With 10,000 articles, a list has 500 pages. Rendering a page must not search all articles."""
    index = site(many(25)).articles
    checked = []
    is_published = Meta.is_published
    monkeypatch.setattr(Meta, "is_published", lambda meta, now: checked.append(meta.title) or is_published(meta, now))
    for number in (1, 2, 1, 2):
        assert index.list_at("/blog", number, NOW).pages and index.feed_of("/blog", NOW)
    assert all(checked.count(f"a{number}") == 1 for number in range(25))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/blog/page/2", HubPath("/blog", 2)),
        ("/page/12", HubPath("/", 12)),
        ("/a/b/page/1", HubPath("/a/b", 1)),
        ("/blog/feed.xml", HubPath("/blog", 0)),
        ("/feed.xml", HubPath("/", 0)),
        ("/blog/page/0", None),
        ("/blog/page/02", None),
        ("/blog/page/1234567", None),
        ("/blog/page/٢", None),
        ("/blog/page", None),
        ("/blog/feed.xml/a", None),
        ("page/2", None),
        ("//page/2", None),
    ],
)
def test_paths_of_list_pages_and_feeds(path, expected):
    assert hub_paths.parse(path) == expected
    if expected:
        hub, number = expected
        again = hub_paths.list_path(hub, number) if number else hub_paths.feed_path(hub)
        assert again == (hub if number == 1 else path)


def test_no_document_can_have_the_path_of_a_list_page_or_a_feed(site, tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n## /blog/page/2\n\nWords.\n")
    (folder / "b.md").write_text("# B\n## /blog/feed.xml\n\nWords.\n")
    loaded = site({})
    assert [problem.path for problem in loaded.problems if problem.rule == "bad-url"] == [
        "content/a.md",
        "content/b.md",
    ]
    assert list(loaded.pages) == ["/blog"]


def check(loaded):
    return [(problem.rule, problem.line, problem.column) for problem in check_articles(loaded.pages, NOW)]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ("Author: Asha Rao", [("article-line", 8, 1)]),
        ("Author: Asha Rao\nDate:", [("article-line", 8, 1)]),
        ("  Date: 2026-01-01", [("article-line", 8, 3)]),
        ("Date: 2026-01-01\nAuthor:", [("article-line", 8, 1)]),
        ("Author: Asha Rao\nDate: 1 May 2026", []),  # the rule meta-value reports this date
        ("Author: Asha Rao\nDate: 2026-06-01", []),
        ("Author: Asha Rao\nDate: 2026-06-02", []),  # it is already 2 June in New Zealand
        ("Author: Asha Rao\nDate: 2026-06-03", [("article-date", 9, 1)]),
        ("Author: Asha Rao\nDate: 2026-06-03\nPublish: 2026-06-03", []),
        ("Author: Asha Rao\nDate: 2026-06-05\nPublish: 2026-06-03", [("article-date", 9, 1)]),
        ("Author: Asha Rao\nDate: 2026-06-05\nStatus: draft", []),
        ("Author: Asha Rao\nDate: 2026-01-02\nUpdated: 2026-01-01", [("article-date", 10, 1)]),
        ("Author: Asha Rao\nDate: 2026-01-02\nUpdated: 2026-01-02", []),
        ("Updated: 2026-01-02", []),
        ("Author: Asha Rao\nDate: 9999-12-31\nPublish: 9999-12-31 23:59", []),
        ("Author: Asha Rao\nDate: 0001-01-01", []),
    ],
)
@pytest.mark.parametrize("lazy", [False, True])
def test_problems_of_authors_and_dates(site, meta, expected, lazy):
    assert check(site({"a": meta}, lazy=lazy)) == expected


def links_in(loaded, url):
    return loaded.graph.links_in()[url]


def test_each_page_of_a_list_counts_as_a_link_from_the_hub(site):
    loaded = site(many(45))
    assert {tuple(links_in(loaded, f"/blog/a{number}")) for number in range(45)} == {("/blog",)}


def test_another_page_links_only_to_the_newest_articles_and_to_the_hub(site, tmp_path):
    articles = many(30)
    site(articles)
    (tmp_path / "content" / "index.md").write_text("# Home\n## /\n\n## NEWS\n\n**Pages under:** /blog\n")
    loaded = site(articles)
    assert links_in(loaded, "/blog/a29") == {"/", "/blog"} and links_in(loaded, "/blog") == {"/"}
    assert links_in(loaded, "/blog/a9") == {"/blog"}


def test_documents_may_link_to_a_feed_and_to_the_pages_of_a_list(site, tmp_path):
    def broken(count):
        loaded = site(many(count))
        problems = loaded.graph.problems()
        return {loaded.pages["/a"].source.line(each.line) for each in problems if each.rule == "broken-link"}

    (tmp_path / "content").mkdir()
    links = ["[Feed](/blog/feed.xml)", "[More](/blog/page/2)", "[End](/blog/page/3)", "[None](/a/feed.xml)"]
    (tmp_path / "content" / "a.md").write_text("# A\n## /a\n\n## LINKS\n\n" + "\n\n".join(links))
    assert broken(0) >= set(links)
    assert broken(25) == set(links[2:])
