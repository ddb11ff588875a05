"""Page weight budgets: page, style and headers fit into TCP's first ten packets (RFC 6928)."""

import gzip

import brotli
import pytest
from bs4 import BeautifulSoup

from ...conftest import ROOT, SEED_URL

BROTLI, GZIP, BANK_BROTLI = 12_000, 13_000, 16_000
FACE, SCRIPT, FIRST_VISIT, REQUESTS = 30_000, 3_000, 45_000, 4

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
BANK_URL, CALCULATOR_URL = "/resources/question-bank", "/resources/roi-calculator"

# STORED has a page of each kind that the publisher stores. Django renders the pages in RENDERED for each request.
STORED = ("/", SEED_URL, "/hire", "/pricing", "/about", CALCULATOR_URL, BANK_URL)
RENDERED = ("/start", "/contact", "/search", "/search?q=python", "/no-such-page", f"{CALCULATOR_URL}?hires=x")


def test_the_font_and_each_script():
    faces = list((ROOT / "static" / "fonts").glob("*.woff2"))
    assert faces and sum(path.stat().st_size for path in faces) <= FACE
    scripts = list((ROOT / "static" / "js").glob("*.js"))
    assert scripts and all(path.stat().st_size <= SCRIPT for path in scripts)


def loaded_files(response):
    """Return the URLs of the files that browsers load when they open a page."""
    page = BeautifulSoup(response.body, "html.parser")
    links = page.select("link[rel=preload], link[rel=stylesheet], link[rel=manifest], link[rel=icon]:not([sizes])")
    sources = page.select("script[src], img[src]")
    rules = response.headers.get("Speculation-Rules", "").replace('"', "").split()
    return [*(link["href"] for link in links), *(element["src"] for element in sources), *rules]


@pytest.mark.parametrize("path", STORED)
def test_pages_that_are_stored(server, path):
    body = server.published(path).body
    assert len(body) <= (BANK_BROTLI if path == BANK_URL else BROTLI)
    assert path == BANK_URL or len(gzip.compress(brotli.decompress(body), 9)) <= GZIP


@pytest.mark.parametrize("path", RENDERED)
def test_each_page_that_django_renders(server, path):
    response = server.get(path, **BROWSER)
    assert response.headers["Content-Encoding"] == "gzip" and b"</html>" in gzip.decompress(response.body)
    assert len(response.body) <= GZIP


@pytest.mark.parametrize("path", [*STORED, *RENDERED])
def test_a_first_visit_needs_few_requests_and_few_bytes(server, path):
    files = loaded_files(server.get(path))
    assert any(file.endswith(".woff2") for file in files) and any(file.endswith(".svg") for file in files)
    assert 1 + len(files) <= REQUESTS
    for url in (path, *files):
        if path not in RENDERED and not url.endswith(".woff2"):
            server.published(url)
    assert sum(len(server.get(url, **BROWSER).body) for url in (path, *files)) <= FIRST_VISIT
