"""The publisher stores a hub's feed and all pages of its article list. After an edit, it renders only changed pages."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from pages.content import articles
from pages.content.markdown_paths import page_path
from pages.publish import manifest_entry
from pages.publish.publisher import Publisher
from pages.repository import current
from pages.repository.visible_pages import VisiblePages

HUB = "# Blog\n## /blog\n\n## META\n\n```\nTitle: Blog\n```\n\n## ARTICLES\n\n**Pages under:** /blog\n"
HOME = "# Home\n## /\n\n## NEWS\n\n**Pages under:** /blog\n"
LISTS = ("/blog", "/blog/page/2", "/blog/page/3")
FEED = "/blog/feed.xml"


@pytest.fixture
def write(content, monkeypatch):
    """A function that writes an article. The site has a home page, /about, and a hub with two articles on each page."""
    monkeypatch.setattr(articles, "ARTICLES_PER_PAGE", 2)
    monkeypatch.setattr(articles, "FEED_LENGTH", 3)
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})

    def write_article(number, day=None, more="", words="Words."):
        meta = f"Title: A{number}\nAuthor: Asha Rao\nDate: {day or f'2025-01-0{number}'}\n{more}"
        text = f"# A{number}\n## /blog/a{number}\n\n## META\n\n```\n{meta}\n```\n\n{words}\n"
        (content / "blog" / f"a{number}.md").write_text(text)

    for path in content.rglob("*.md"):
        path.unlink()
    (content / "blog").mkdir()
    (content / "blog" / "index.md").write_text(HUB)
    (content / "index.md").write_text(HOME)
    (content / "about.md").write_text("# About\n## /about\n\nWords.\n")
    site = content / "site.toml"
    site.write_text(site.read_text().replace("footer = [", 'footer = ["/blog", ', 1))
    for number in range(1, 6):
        write_article(number)
    return write_article


@pytest.fixture
def publish(write):
    """A function that publishes, and returns the paths that it rendered.

    Leave out files for crawlers, and the Markdown versions of rendered pages.
    """
    with closing(Publisher()) as publisher:

        def publish(visible=None):
            before = dict(publisher._fingerprints)
            assert publisher.publish(visible or current.visible_pages())
            after = publisher._fingerprints
            crawler_files = {
                "/sitemap.xml",
                "/llms.txt",
                "/facts.json",
                "/robots.txt",
                "/favicon.ico",
                "/site.webmanifest",
            }
            rendered = {path for path in after if after[path] is not before.get(path)} - crawler_files
            return {path for path in rendered if page_path(path) not in rendered}

        publish.body = lambda path: publisher.manifest.entries[path].body("identity").decode()
        publish.changes_at = lambda path: publisher.manifest.entries[path].changes_at
        publish.paths = lambda: publisher.manifest.entries.keys()
        assert {*LISTS, FEED, "/blog/a1", "/about", "/"} <= publish()
        yield publish


def test_an_edit_of_an_articles_text_renders_only_this_article(write, publish):
    write(3, words="Other words.")
    assert publish() == {"/blog/a3"}


def test_an_edit_of_an_old_articles_meta_renders_only_its_page_of_the_list(write, publish):
    write(1, more="Description: New.")
    assert publish() == {"/blog/a1", "/blog/page/3"}
    assert "New." in publish.body("/blog/page/3")


def test_an_edit_of_a_new_articles_meta_renders_the_lists_that_show_it_and_the_feed(write, publish):
    write(5, more="Description: New.")
    assert publish() == {"/blog/a5", "/blog", "/", FEED}
    assert all("New." in publish.body(path) for path in ("/blog", FEED))


def test_a_new_article_moves_the_others_and_changes_no_other_page(write, publish):
    write(6)
    assert publish() == {"/blog/a6", *LISTS, "/", FEED}
    assert "/blog/a4" in publish.body("/blog/page/2")
    write(7)
    assert "/blog/page/4" in publish()
    assert "/blog/page/4" in publish.body("/blog/page/3")


def test_pages_of_a_list_and_the_feed_disappear_with_the_articles(write, publish, content):
    for number in (1, 2, 3):
        (content / "blog" / f"a{number}.md").unlink()
    publish()
    assert publish.paths().isdisjoint(LISTS[1:]) and {"/blog", FEED} <= publish.paths()
    write(4, more="Robots: noindex")
    write(5, more="Robots: noindex")
    assert publish() == {"/blog/a4", "/blog/a5", "/blog", "/"}
    assert FEED not in publish.paths() and FEED not in publish.body("/blog/a4") + publish.body("/blog")


def test_an_article_appears_at_its_publication_time(write, publish):
    soon = datetime.now(UTC) + timedelta(hours=1)
    write(9, more=f"Publish: {soon:%Y-%m-%d %H:%M}")
    assert publish() == {"/", "/blog", *LISTS, FEED}, "caches may keep these only until the article appears"
    assert publish.changes_at("/blog") == publish.changes_at(FEED) == soon.replace(second=0, microsecond=0).timestamp()
    assert publish.changes_at("/blog/a1") is None
    later = VisiblePages(current.get_library(), soon + timedelta(hours=1), False)
    assert later.article_list("/blog").pages[0].name == later.feed("/blog")[0].name == "A9"
    assert "/blog/a9" not in publish.paths() and "A9" not in publish.body(FEED)


def test_a_hub_that_is_hidden_takes_its_lists_and_its_feed_with_it(publish, content):
    (content / "blog" / "index.md").write_text(HUB.replace("Title: Blog", "Title: Blog\nStatus: draft"))
    publish()
    assert publish.paths().isdisjoint({*LISTS, FEED})
    assert all(f"/blog/a{number}" in publish.body("/") for number in range(1, 6))
    assert FEED not in publish.body("/blog/a1")
