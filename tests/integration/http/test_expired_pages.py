"""After its `Expires` date, a page is in no list, feed, sitemap or search. Its URL redirects, or answers 410."""

import re
from datetime import UTC, datetime

import pytest

from pages import clock
from tests.support.content_samples import page_text

EXPIRED = "Expires: 2020-12-01 09:00 +05:30\n"
LIVE = "Expires: 2999-12-01 09:00 +05:30\n"
ARTICLE = "Author: Asha Rao\nDate: 2020-01-01\n"
LISTS = ("/", "/blog", "/blog/feed.xml", "/sitemap.xml", "/llms.txt", "/search?q=fair")


@pytest.fixture
def write(content):
    """A function that writes a page named Fair, with the given lines in META. Other pages list it and link to it."""
    for path in content.rglob("*.md"):
        if path.name != "kit.md":
            path.unlink()
    (content / "blog").mkdir()

    def write_page(url, meta, body="Words.", name="Page"):
        text = page_text(name, url, body, meta)
        (content / f"{url.lstrip('/')}.md").write_text(text)

    write_page("/index", "", "Visit [the fair](/blog/fair) or [the expo](/expo).", "Home")
    write_page("/blog", "", "**Pages under:** /blog", "Blog")
    write_page("/blog/other", ARTICLE, "See [the fair](/blog/fair).", "Other")
    write_page("/pricing", "", name="Pricing")
    (content / "index.md").write_text((content / "index.md").read_text().replace("## /index", "## /"))
    return lambda meta, url="/blog/fair": write_page(url, ARTICLE + "Aliases: /expo\n" + meta, name="Fair")


def test_a_page_is_everywhere_until_it_expires_and_then_nowhere(write, client):
    write(LIVE)
    assert client.get("/blog/fair").status_code == 200
    assert [path for path in LISTS if "/blog/fair" not in client.get(path).text] == []
    write(EXPIRED)
    assert [path for path in (*LISTS, "/blog/other", "/pricing") if "/blog/fair" in client.get(path).text] == []
    assert "the fair" in client.get("/").text and "/expo" not in client.get("/").text


@pytest.mark.parametrize("path", ["/blog/fair", "/expo", "/Blog/Fair/", "/EXPO/"])
def test_the_old_urls_redirect_to_the_next_page_or_say_that_the_page_is_gone(write, client, path):
    write(EXPIRED + "Expires to: /pricing\n")
    response = client.get(f"{path}?utm_source=mail")
    assert (response.status_code, response["Location"]) == (301, "/pricing?utm_source=mail")
    write(EXPIRED)
    response = client.get(path)
    assert response.status_code == 410 and "no longer available" in response.text
    assert client.get("/blog/fair.csv").status_code == 404, "this page never had a file"
    assert client.get("/blog/fai").status_code == 404


def test_the_files_of_an_expired_page_go_with_it(write, client, content):
    questions = "## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*What this reveals:* Care."
    for meta, status in ((LIVE, 503), (EXPIRED, 410), (EXPIRED + "Expires to: /pricing\n", 301)):
        write(meta)
        path = content / "blog" / "fair.md"
        path.write_text(f"{path.read_text()}\n{questions}\n")
        assert client.get("/blog/fair.csv").status_code == status, "503 means that the file is being made"


def test_an_expired_page_whose_next_page_has_expired_too(write, client, content):
    write(EXPIRED + "Expires to: /summer\n")
    (content / "summer.md").write_text(page_text("Summer", "/summer", meta=EXPIRED + "Expires to: /pricing"))
    assert client.get("/blog/fair")["Location"] == "/pricing"
    text = (content / "summer.md").read_text()
    for other in ("/expo", "/summer", "/nowhere", "/blog/fair"):  # three redirect loops, and a URL without a page
        (content / "summer.md").write_text(text.replace("Expires to: /pricing", f"Expires to: {other}"))
        assert client.get("/blog/fair").status_code == 410
    (content / "summer.md").write_text(text.replace("Expires to: /pricing", "Expires to: /"))
    assert client.get("/summer")["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/blog/fair", "/expo", "/EXPO", "/", "/blog", "/blog/other", "/blog/feed.xml", "/sitemap.xml"]
)
def test_caches_keep_nothing_past_the_time_when_the_page_expires(write, client, path):
    write("Expires: 2030-01-01 12:00:00\n")
    for left in (1, 30):
        with clock.fixed_at(datetime(2030, 1, 1, 11, 59, 60 - left, tzinfo=UTC)):
            response = client.get(path)
        values = {name: int(value) for name, value in re.findall(r"([a-z-]+)=(\d+)", response["Cache-Control"])}
        assert values == {"max-age": 0, "s-maxage": left, "stale-while-revalidate": 0, "stale-if-error": 0}


@pytest.mark.parametrize("path", ["/blog/fair", "/expo"])
def test_caches_ask_again_for_a_page_that_is_not_live_yet_or_has_expired(write, client, path):
    write("Publish: 2030-01-01 12:00\nExpires: 2030-01-01 13:00\n")
    for hour, status in ((11, 404), (12, 200), (13, 410)):
        with clock.fixed_at(datetime(2030, 1, 1, hour, tzinfo=UTC)):
            response = client.get(path, follow=True)
        assert response.status_code == status
        assert (response["Cache-Control"] == "no-cache") == (status != 200)


def test_a_draft_never_redirects(write, client):
    write("Status: draft\n" + EXPIRED + "Expires to: /pricing\n")
    assert client.get("/blog/fair").status_code == 404


def test_development_shows_expired_pages(write, client, settings):
    settings.DEBUG = True
    write(EXPIRED)
    assert client.get("/blog/fair").status_code == 200
