"""A walk over the whole site as it is served: no link leads nowhere, and what answers is what was promised."""

import csv
import io
import json
import time
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from pages.content.url_paths import LINKABLE_PATHS
from pages.repository import current

from ...conftest import SAMPLE_SITE

# Where an address is said: the element, its attribute, and what has to answer there.
NAMED = [
    ("a[href]", "href", None),
    ("link[rel=canonical]", "href", "text/html"),
    ("link[rel=icon], link[rel=apple-touch-icon]", "href", "image/"),
    ("link[rel=preload]", "href", "font/woff2"),
    ("link[rel=manifest]", "href", "application/manifest+json"),
    ("link[rel=stylesheet]", "href", "text/css"),
    ("img[src]", "src", "image/"),
    ("source[srcset]", "srcset", "image/"),
    ("script[src]", "src", "text/javascript"),
    ("meta[property='og:image']", "content", "image/png"),
    ("form[action]", "action", "text/html"),
]


def addresses(page, base):
    """Every address that a page names on this site, with what must answer."""
    for selector, attribute, kind in NAMED:
        for element in page.select(selector):
            said = element[attribute]
            for part in [piece.split()[0] for piece in said.split(",")] if attribute == "srcset" else [said]:
                address = urljoin(base, part)
                if urlsplit(address).netloc == urlsplit(base).netloc and urlsplit(address).scheme == "http":
                    yield address, kind


def patiently(server, path):
    """The answer at `path`. What is still being made ahead of visitors, as cards are at first, is asked for again."""
    for _ in range(6_000):
        answer = server.get(path)
        if answer.status != 503 or "Retry-After" not in answer.headers:
            break
        time.sleep(0.1)
    return answer


class Crawl:
    """Every address from the home page on, each asked for once; `wrong` is what a visitor would stumble over."""

    def __init__(self, server):
        self.server, self.answers, self.pages, self.wrong = server, {}, {}, []
        waiting = [(server.url + "/", "text/html", "the start")]
        while waiting:
            address, kind, source = waiting.pop()
            plain, anchor = urldefrag(address)
            path = plain.removeprefix(server.url)
            if path not in self.answers:
                answer = self.answers[path] = patiently(server, path)
                if answer.headers["Content-Type"].startswith("text/html") and answer.status == 200:
                    page = self.pages[path] = BeautifulSoup(answer.body, "html.parser")
                    waiting += [(*named, path) for named in addresses(page, server.url + path)]
            self.judge(path, anchor, kind, source)

    def judge(self, path, anchor, kind, source):
        answer = self.answers[path]
        said = answer.headers["Content-Type"]
        if answer.status != 200:
            self.wrong.append(f"{source} names {path}, which answers {answer.status}")
        elif kind and not said.startswith(kind):
            self.wrong.append(f"{source} names {path} as {kind}, and it is {said}")
        elif said.startswith("image/") and said != "image/svg+xml":
            Image.open(io.BytesIO(answer.body)).verify()
        elif anchor and not self.pages[path].find(id=unquote(anchor)):
            self.wrong.append(f"{source} names {path}#{anchor}, which is not there")


@pytest.fixture(scope="module")
def crawl(server):
    return Crawl(server)


def test_no_address_leads_nowhere(crawl):
    assert crawl.wrong == []


def test_every_document_is_reached(crawl):
    documents = [path for path in (SAMPLE_SITE).rglob("*.md") if path.name != "README.md"]
    urls = {"/" + path.relative_to(SAMPLE_SITE).with_suffix("").as_posix() for path in documents}
    urls = {url.removesuffix("/index").removesuffix("index") or "/" for url in urls}
    assert urls <= set(crawl.pages)


def test_no_two_pages_say_the_same_of_themselves(crawl):
    titles = [page.title.text for path, page in crawl.pages.items() if "?" not in path]
    assert len(titles) == len(set(titles)) > 15


def test_the_table_of_questions_holds_fifty(crawl):
    rows = list(csv.reader(io.StringIO(crawl.answers["/resources/question-bank.csv"].body.decode("utf-8-sig"))))
    assert len(rows) == 51 and len({tuple(row) for row in rows}) == 51
    assert all(all(cell.strip() for cell in row) and len(row) == len(rows[0]) for row in rows)


def test_the_manifest_names_icons_that_are_there(crawl):
    manifest = json.loads(crawl.answers["/site.webmanifest"].body)
    for icon in manifest["icons"]:
        answer = crawl.server.get(icon["src"])
        assert (answer.status, answer.headers["Content-Type"]) == (200, icon["type"])


def test_the_crawl_notices_what_is_broken(server):
    crawl = Crawl.__new__(Crawl)
    crawl.server, crawl.pages, crawl.wrong = server, {}, []
    crawl.answers = {path: server.get(path) for path in ("/no-such-page", "/about")}
    crawl.pages["/about"] = BeautifulSoup(crawl.answers["/about"].body, "html.parser")
    crawl.judge("/no-such-page", "", None, "a test")
    crawl.judge("/about", "", "image/", "a test")
    crawl.judge("/about", "no-such-anchor", None, "a test")
    assert len(crawl.wrong) == 3


def test_a_document_may_link_to_what_the_site_answers_itself(client, content):
    about = content / "about.md"
    about.write_text(about.read_text() + "\n[Look for a word](/search?q=interval) or read [the map](/sitemap.xml).\n")
    assert [problem.message for problem in current.visible_pages().library.problems] == []
    assert {client.get(url).status_code for url in LINKABLE_PATHS} == {200}
