"""A crawl of the whole site: every link has a target of the expected type."""

import csv
import io
import re
import time
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.utils.encoding import iri_to_uri
from PIL import Image

from pages.content.url_paths import LINKABLE_PATHS
from pages.repository import current

from ...conftest import SAMPLE_SITE

# A CSS selector, the attribute that contains a URL, and the expected Content-Type of that URL.
REFERENCES = [
    ("a[href]", "href", None),
    ("link[rel=canonical]", "href", "text/html"),
    ("link[rel=icon], link[rel=apple-touch-icon]", "href", "image/"),
    ("link[rel=preload]", "href", "font/woff2"),
    ("link[rel=manifest]", "href", "application/manifest+json"),
    ("link[rel=stylesheet]", "href", "text/css"),
    ("img[src]", "src", "image/"),
    ("source[srcset]", "srcset", "image/"),
    ("meta[property='og:image']", "content", "image/png"),
    ("form[action]", "action", "text/html"),
]


def references(page, base):
    """Yield each URL of this site that a page refers to, with its expected Content-Type."""
    for selector, attribute, kind in REFERENCES:
        for element in page.select(selector):
            value = element[attribute]
            urls = [part.split()[0] for part in value.split(",")] if attribute == "srcset" else [value]
            for url in urls:
                address = urljoin(base, url)
                if element.get("method") == "post":  # the page has this anchor only if the form has errors
                    address = urldefrag(address).url
                if urlsplit(address).netloc == urlsplit(base).netloc and urlsplit(address).scheme == "http":
                    yield address, kind


def get_when_ready(server, path):
    """Return the response at `path`. Retry if the file, such as a social card, isn't generated yet."""
    for _ in range(6_000):
        response = server.get(path)
        if response.status != 503 or "Retry-After" not in response.headers:
            break
        time.sleep(0.1)
    return response


class Crawl:
    """Starts at the home page, follows all links, and requests each URL once. `problems` lists the broken links."""

    def __init__(self, server):
        self.server, self.answers, self.pages, self.problems = server, {}, {}, []
        queue = [(server.url + "/", "text/html", "the start")]
        while queue:
            address, kind, source = queue.pop()
            plain, anchor = urldefrag(address)
            path = plain.removeprefix(server.url)
            if path not in self.answers:
                response = self.answers[path] = get_when_ready(server, path)
                if response.headers["Content-Type"].startswith("text/html") and response.status == 200:
                    page = self.pages[path] = BeautifulSoup(response.body, "html.parser")
                    queue += [(*reference, path) for reference in references(page, server.url + path)]
            self.check(path, anchor, kind, source)

    def check(self, path, anchor, kind, source):
        response = self.answers[path]
        content_type = response.headers["Content-Type"]
        if response.status != 200:
            self.problems.append(f"{source} refers to {path}, which responds with {response.status}")
        elif kind and not content_type.startswith(kind):
            self.problems.append(f"{source} refers to {path} as {kind}, but it is {content_type}")
        elif content_type.startswith("image/") and content_type != "image/svg+xml":
            Image.open(io.BytesIO(response.body)).verify()
        elif anchor and not self.pages[path].find(id=unquote(anchor)):
            self.problems.append(f"{source} refers to {path}#{anchor}, which doesn't exist")


@pytest.fixture(scope="module")
def crawl(server):
    return Crawl(server)


def test_the_crawl_finds_no_broken_references(crawl):
    assert crawl.problems == []


def test_every_document_is_reachable_through_links(crawl):
    documents = [path for path in (SAMPLE_SITE).rglob("*.md") if path.name not in ("README.md", "kit.md")]
    urls = {"/" + path.relative_to(SAMPLE_SITE).with_suffix("").as_posix() for path in documents}
    urls = {url.removesuffix("/index").removesuffix("index") or "/" for url in urls}
    assert urls <= set(crawl.pages)


def test_every_file_made_from_a_page_is_reachable_through_links_and_listed_in_llms_txt(crawl, sample_site):
    content = sample_site[1]
    pages = [page for page in content.pages.values() if not page.meta.draft]
    files = [file for page in pages for file in content.files_of(page)]
    paths = {iri_to_uri(file.path) for file in files if not file.is_picture}
    assert len(paths) > 40 and paths <= set(crawl.answers)
    listed = re.findall(r"\]\(https?://[^/)]+(/[^)]+\.(?:pdf|xlsx|csv))\)", crawl.server.get("/llms.txt").body.decode())
    assert set(listed) == paths and len(listed) == len(paths)


def test_the_question_bank_csv_has_fifty_questions(crawl):
    rows = list(csv.reader(io.StringIO(crawl.answers["/resources/question-bank.csv"].body.decode("utf-8-sig"))))
    assert len(rows) == 51 and len({tuple(row) for row in rows}) == 51
    assert all(all(cell.strip() for cell in row) and len(row) == len(rows[0]) for row in rows)


def test_the_crawl_detects_broken_references(server):
    crawl = Crawl.__new__(Crawl)
    crawl.server, crawl.pages, crawl.problems = server, {}, []
    crawl.answers = {path: server.get(path) for path in ("/no-such-page", "/about")}
    crawl.pages["/about"] = BeautifulSoup(crawl.answers["/about"].body, "html.parser")
    crawl.check("/no-such-page", "", None, "a test")
    crawl.check("/about", "", "image/", "a test")
    crawl.check("/about", "no-such-anchor", None, "a test")
    assert len(crawl.problems) == 3


def test_a_document_can_link_to_the_sites_own_urls(client, content):
    about = content / "about.md"
    about.write_text(about.read_text() + "\n[Look for a word](/search?q=interval) or read [the map](/sitemap.xml).\n")
    problems = current.visible_pages().library.problems
    assert [problem.message for problem in problems if problem.level != "notice"] == []
    statuses = {url: client.get(url).status_code for url in LINKABLE_PATHS}
    # Without a publisher, there is no llms-full.txt. The sample site has no security contact, so no security.txt.
    exceptions = {"/llms-full.txt": 503, "/.well-known/security.txt": 404}
    assert statuses == dict.fromkeys(LINKABLE_PATHS, 200) | exceptions
