"""Page weight budgets, listed in docs/benchmarks.md."""

import gzip
import re

import brotli
import pytest
from bs4 import BeautifulSoup

from pages.publish.compression import compress

from ...conftest import ROOT, SAMPLE_SITE, SEED_URL, serving
from ...support.content_samples import read
from ...support.page_budgets import MANY_QUESTIONS, QUESTION_LIST, USUAL, budget_of

FONT_WITH_HEADERS, SCRIPT, FIRST_VISIT, REQUESTS = 14_600, 3_000, 45_000, 4

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
BANK_URL, CALCULATOR_URL = "/resources/question-bank", "/resources/roi-calculator"
MANY_QUESTIONS_URL = "/hire/many-questions"

# STORED has a page of each kind that the publisher stores. Django renders the pages in RENDERED for each request.
STORED = ("/", SEED_URL, "/hire", "/pricing", "/about", CALCULATOR_URL, BANK_URL)
RENDERED = ("/start", "/contact", "/search", "/search?q=python", "/no-such-page", f"{CALCULATOR_URL}?hires=x")


def headers_size(response):
    """Return the size of the status line, the headers and the empty line after them."""
    return len("HTTP/1.1 200 OK\r\n\r\n") + sum(len(f"{name}: {value}\r\n") for name, value in response.headers.items())


def test_the_font_arrives_with_its_headers_in_ten_packets(server):
    (url,) = (file for file in loaded_files(server.get("/")) if file.endswith(".woff2"))
    font = server.get(url, **BROWSER)
    assert len(font.body) + headers_size(font) <= FONT_WITH_HEADERS


def test_each_script():
    scripts = list((ROOT / "static" / "js").glob("*.js"))
    assert scripts and all(path.stat().st_size <= SCRIPT for path in scripts)


def loaded_files(response):
    """Return the URLs of the files that browsers load when they open a page on a phone.

    Leave out lazy images: browsers load these only when the visitor scrolls near them.
    """
    page = BeautifulSoup(response.body, "html.parser")
    links = page.select("link[rel=preload], link[rel=stylesheet], link[rel=manifest], link[rel=icon]:not([sizes])")
    sources = page.select("script[src], img[src]:not([loading=lazy])")
    rules = response.headers.get("Speculation-Rules", "").replace('"', "").split()
    return [*(link["href"] for link in links), *(element["src"] for element in sources), *rules]


def excess(response, budget):
    """Return by how many bytes a stored page exceeds its budget, or 0."""
    compressed = compress(brotli.decompress(response.body))
    return budget.excess(len(compressed["br"]), len(compressed["gzip"]), headers_size(response))


def size(response):
    """Return the body's size in production. Test servers compress pages less, so compress the body again."""
    if response.headers["Content-Encoding"] == "br":
        return len(compress(brotli.decompress(response.body))["br"])
    return len(response.body)


@pytest.mark.parametrize("path", STORED)
def test_pages_that_are_stored(server, path):
    assert excess(server.published(path), QUESTION_LIST if path == BANK_URL else USUAL) == 0


def role_with_many_questions() -> str:
    """Return a role's document with MANY_QUESTIONS more questions, taken from the question bank."""
    role = (SAMPLE_SITE / "hire" / "data-engineer.md").read_text().replace("/hire/data-engineer", MANY_QUESTIONS_URL)
    start, heading, end = role.partition("\n## DATA ENGINEER EVALUATION")
    questions = re.findall(r"^\*\*\d+\. .*\n\n.*\n", (SAMPLE_SITE / "resources" / "question-bank.md").read_text(), re.M)
    return "\n".join([start, *questions[:MANY_QUESTIONS], heading + end])


def test_a_role_page_with_many_questions_stays_within_its_budget(tmp_path):
    document = role_with_many_questions()
    assert budget_of(read(document)) == QUESTION_LIST
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        (server.content / "hire" / "many.md").write_text(document)
        assert excess(server.published(MANY_QUESTIONS_URL), QUESTION_LIST) == 0


@pytest.mark.parametrize("path", RENDERED)
def test_each_page_that_django_renders_stays_within_the_usual_budget(server, path):
    response = server.get(path, **BROWSER)
    assert response.headers["Content-Encoding"] == "gzip" and b"</html>" in gzip.decompress(response.body)
    assert len(response.body) <= USUAL.gzip


@pytest.mark.parametrize("path", [*STORED, *RENDERED])
def test_a_first_visit_needs_few_requests_and_few_bytes(server, path):
    files = loaded_files(server.get(path))
    assert any(file.endswith(".woff2") for file in files) and any(file.endswith(".svg") for file in files)
    assert 1 + len(files) <= REQUESTS
    for url in (path, *files):
        if path not in RENDERED and not url.endswith(".woff2"):
            server.published(url)
    assert sum(size(server.get(url, **BROWSER)) for url in (path, *files)) <= FIRST_VISIT
