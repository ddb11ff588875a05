"""Test `redirects.toml`. Each row of a table has the lines of the file, a request, and the expected response."""

from contextlib import closing

import pytest
from django.core.asgi import get_asgi_application
from django.test import Client

from layersrank_site.serving.front import Front
from pages.content import library
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current, snapshot

from ...conftest import SEED_URL
from ...support.asgi_client import ask
from ...support.content_samples import keep_documents

LONG = '"/blog/*" = "/resources/*"\n"/blog/old/*" = "/hire/*"\n"/blog/old/top" = "/pricing"'
CHAIN = '"/one" = "/two"\n"/two" = "/three"\n"/three" = "/about"'
QUERIES = """
"/?p=123" = "/about"
"/?p=123&lang=de" = "/pricing"
"/?p=7" = "gone"
"/index.php?a=1&b=x%20y" = "/about?tab=2#team"
"/about?id=3" = "/"
"/start?id=3" = "/pricing"
"""
OTHER = '"/shop/*" = "https://shop.example/in/*"'

TABLE = [
    # one address
    ('"/old" = "/about"', "/old", 301, "/about"),
    ('"/old" = "/about"', "/old?utm_source=x&b=%20", 301, "/about?utm_source=x&b=%20"),
    ('"/old" = "/about"', "/OLD/", 301, "/about"),
    ('"/Old/" = "/about"', "/old", 301, "/about"),
    ('"/caf%C3%A9 menu" = "/about"', "/caf%C3%A9", 404, ""),
    ('"/caf%C3%A9" = "/about"', "/café", 301, "/about"),
    ('"/old.php" = "/"', "/old.php", 301, "/"),
    ('"/old" = "/about"', "/older", 404, ""),
    ('"/old" = "/about"', "/old/page", 404, ""),
    ('"/old" = "/About/"', "/old", 301, "/about"),
    ('"/old" = "/about?tab=2#team"', "/old?a=1", 301, "/about?tab=2&a=1#team"),
    ('"/old.pdf" = "/resources/question-bank.pdf"', "/old.pdf", 301, "/resources/question-bank.pdf"),
    ('"/old" = "/nowhere"', "/old", 404, ""),
    ('"/blog/feed.xml" = "/about"', "/blog/feed.xml", 301, "/about"),
    ('"/old" = "/search"', "/old?q=x", 301, "/search?q=x"),
    # gone
    ('"/webinar" = "gone"', "/webinar", 410, ""),
    ('"/webinar" = "gone"', "/Webinar/?utm=1", 410, ""),
    ('"/events/*" = "gone"', "/events/2019/delhi", 410, ""),
    # prefixes
    (LONG, "/blog/question-bank", 301, "/resources/question-bank"),
    (LONG, "/BLOG/Question-Bank/?a=1", 301, "/resources/question-bank?a=1"),
    (LONG, "/blog", 301, "/resources"),
    (LONG, "/blog/old/data-engineer", 301, "/hire/data-engineer"),
    (LONG, "/blog/old/top", 301, "/pricing"),
    (LONG, "/blog/nowhere", 404, ""),
    (LONG, "/blogs", 404, ""),
    ('"/blog/*" = "/resources"', "/blog/2019/any", 301, "/resources"),
    ('"/en/*" = "/*"', "/en/hire/data-engineer", 301, "/hire/data-engineer"),
    ('"/en/*" = "/*"', "/en", 301, "/"),
    # one hop
    (CHAIN, "/one", 301, "/about"),
    (CHAIN, "/one?a=1", 301, "/about?a=1"),
    ('"/old" = "/older"\n"/older" = "gone"', "/old", 410, ""),
    ('"/blog/*" = "/news/*"\n"/news/*" = "/resources/*"', "/blog/question-bank", 301, "/resources/question-bank"),
    ('"/a" = "/b"\n"/b" = "/a"', "/a", 404, ""),
    ('"/a/*" = "/a/b/*"', "/a/x", 404, ""),
    # live pages win
    ('"/about" = "/pricing"', "/about", 200, ""),
    ('"/hire/*" = "gone"', SEED_URL, 200, ""),
    ('"/hire/*" = "gone"', "/hire/cook", 410, ""),
    # other sites
    ('"/old" = "https://docs.example/a?b=c#d"', "/old?q=1", 301, "https://docs.example/a?b=c&q=1#d"),
    (OTHER, "/shop/A/b c?q=1", 301, "https://shop.example/in/A/b%20c?q=1"),
    (OTHER, "/shop//evil.example", 301, "https://shop.example/in/evil.example"),
    (OTHER, "/shop/@evil.example", 301, "https://shop.example/in/@evil.example"),
    (OTHER, "/shop/a%0d%0aSet-Cookie: x=1", 301, "https://shop.example/in/a%0D%0ASet-Cookie:%20x=1"),
    ('"/shop/*" = "https://shop.example*"', "/shop/.evil.example", 404, ""),
    ('"/out/*" = "/*"', "/out//evil.example", 404, ""),
    ('"/out/*" = "/*"', "/out/\\evil.example", 404, ""),
    ('"/out/*" = "/*"', "//evil.example", 404, ""),
    # lines without effect
    ('"/old" = "//evil.example"', "/old", 404, ""),
    ('"/old" = "/\\\\evil.example"', "/old", 404, ""),
    ('"/old" = "http://site.example"', "/old", 404, ""),
    ('"/old" = "javascript:alert(1)"', "/old", 404, ""),
    ('"/old" = "/about\\r\\nSet-Cookie: x=1"', "/old", 404, ""),
    ('"/old" = "about"', "/old", 404, ""),
    ('"/*" = "/about"', "/nowhere", 404, ""),
    ('"/old" = 1', "/old", 404, ""),
    ('[table]\n"/old" = "/about"', "/old", 404, ""),
    ('"/search" = "/about"', "/search", 200, ""),
    # queries
    (QUERIES, "/?p=123", 301, "/about"),
    (QUERIES, "/?p=123&utm_source=x", 301, "/about?utm_source=x"),
    (QUERIES, "/?utm_source=x&%70=123", 301, "/about?utm_source=x"),
    (QUERIES, "/?p=1234", 200, ""),
    (QUERIES, "/?P=123", 200, ""),
    (QUERIES, "/?p=123&lang=de", 301, "/pricing"),
    (QUERIES, "/?p=7", 410, ""),
    (QUERIES, "/?", 200, ""),
    (QUERIES, "/Index.php?b=x+y&a=1", 301, "/about?tab=2#team"),
    (QUERIES, "/index.php?a=1", 404, ""),
    (QUERIES, "/about?id=3", 301, "/"),
    (QUERIES, "/start?id=3", 301, "/pricing"),
    (QUERIES, "/hire?id=3", 200, ""),
    ('"/?p=1" = "/?p=2&c=3"\n"/?p=2" = "/pricing"', "/?p=1&d=4", 301, "/pricing?c=3&d=4"),
    ('"/?p=1" = "/?p=2"\n"/?p=2" = "/?p=1"', "/?p=1", 200, ""),
    ('"/?p=1" = "/"', "/?p=1", 301, "/"),
    ('"/?p=1" = "/nowhere"', "/?p=1", 200, ""),
    ('"/old" = "/pricing"\n"/old?id=3" = "/about"', "/old?id=3", 301, "/about"),
    ('"/old" = "/pricing"\n"/old?id=3" = "/about"', "/old?id=4", 301, "/pricing?id=4"),
    # a file with an error in one line
    ('"/old" = "/about"\n"/x" =\n"/y" = "gone"', "/old", 301, "/about"),
    ('"/old" = "/about"\n"/x" =\n"/y" = "gone"', "/y", 410, ""),
]


@pytest.mark.parametrize(("lines", "path", "status", "location"), TABLE)
def test_redirects(content, lines, path, status, location):
    (content / "redirects.toml").write_text(lines + "\n")
    path, _, query = path.partition("?")
    path = path.replace("%C3%A9", "é").replace("%0d%0a", "\r\n")  # servers decode the path
    encoded = path.encode().decode("latin-1")
    response = Client().generic("GET", "/", PATH_INFO=encoded, QUERY_STRING=query)
    assert (response.status_code, response.headers.get("Location", "")) == (status, location)


def test_the_page_of_a_removed_page_says_so_and_offers_similar_pages(content, client):
    (content / "redirects.toml").write_text('"/hire/data-enginer" = "gone"\n"/qqqq" = "gone"\n')
    response = client.get("/hire/data-enginer")
    assert response.status_code == 410
    assert "<h1>This page is no longer available</h1>" in response.text.replace(' class="display"', "")
    assert '<meta name="robots" content="noindex">' in response.text and "Similar pages" in response.text
    assert 'href="/hire/data-engineer"' in response.text
    assert "Cache-Control" not in response.headers or "public" not in response["Cache-Control"]
    assert "Browse the site" in client.get("/qqqq").text


def test_a_removed_page_is_not_in_the_sitemap_or_for_crawlers(content, client):
    (content / "redirects.toml").write_text('"/webinar" = "gone"\n"/old" = "/about"\n')
    for path in ("/sitemap.xml", "/llms.txt", "/robots.txt"):
        assert "/webinar" not in client.get(path).text and "/old" not in client.get(path).text


def test_a_draft_does_not_replace_a_redirect(content, client, settings):
    text = (content / "about.md").read_text()
    (content / "redirects.toml").write_text('"/about" = "/pricing"\n')
    (content / "about.md").write_text(text.replace("Title:", "Status: draft\nTitle:", 1))
    assert client.get("/about")["Location"] == "/pricing"
    (content / "about.md").write_text(text)
    assert client.get("/about").status_code == 200


def test_an_invalid_file_keeps_the_last_valid_redirects(content, client):
    file = content / "redirects.toml"
    file.write_text('"/old" = "/about"\n')
    assert client.get("/old")["Location"] == "/about"
    file.write_text('"/old" = "/pricing"\n"/x" = \n')
    assert client.get("/old")["Location"] == "/about"
    problems = [problem for problem in current.get_library().all_problems if problem.path.endswith("redirects.toml")]
    assert [problem.rule for problem in problems] == ["redirect-line"]
    assert "the site uses the last valid redirects" in problems[0].message
    file.write_text('"/old" = "/pricing"\n')
    assert client.get("/old")["Location"] == "/pricing"
    file.unlink()
    assert client.get("/old").status_code == 404


def test_the_front_passes_old_addresses_on(content):
    keep_documents(content, "index.md", "about.md")
    (content / "redirects.toml").write_text('"/old" = "/about"\n"/webinar" = "gone"\n')
    publisher = Publisher()
    publisher.publish(current.visible_pages())
    publisher.close()
    with closing(ManifestReader(manifest_path())) as manifest:
        front = Front(get_asgi_application(), manifest, ["testserver"])
        answers = {path: ask(front, path) for path in ("/old", "/webinar", "/about")}
    assert {path: (answer.status, answer.headers.get("location")) for path, answer in answers.items()} == {
        "/old": (301, "/about"),
        "/webinar": (410, None),
        "/about": (200, None),
    }


def test_the_front_passes_only_the_queries_of_old_addresses_on(content):
    """After a redirect from a URL such as `/?p=1` is added or removed, the page at `/` is published again."""
    keep_documents(content, "index.md", "about.md")
    with closing(Publisher()) as publisher:

        def location(query):
            publisher.publish(current.visible_pages())
            with closing(ManifestReader(manifest_path())) as manifest:
                front = Front(get_asgi_application(), manifest, ["testserver"])
                return ask(front, "/", query=query).headers.get("location")

        assert location("p=1") is None and publisher.manifest.entries["/"].parameters == ()
        (content / "redirects.toml").write_text('"/?p=1" = "/about"\n"/hire/page?a=1" = "/about"\n')
        assert location("p=1") == "/about" and location("p=2") is None and location("q=1") is None
        entries = publisher.manifest.entries
        assert entries["/"].parameters == ("p",) and entries["/about"].parameters == ()
        (content / "redirects.toml").unlink()
        assert location("p=1") is None and entries["/"].parameters == ()


def test_workers_get_the_redirects_from_the_snapshot(content, tmp_path):
    (content / "redirects.toml").write_text('"/old" = "/about"\n"/blog/*" = "/resources/*"\n"/?p=1" = "/about"\n')
    loaded = library.load(content)
    snapshot.write(tmp_path / "snapshot", loaded)
    assert snapshot.read(tmp_path / "snapshot").redirects == loaded.redirects
