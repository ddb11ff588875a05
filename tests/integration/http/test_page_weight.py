"""Page weight budgets: page, style and headers fit into TCP's first ten packets (RFC 6928)."""

import gzip
import re

import brotli
import pytest

from ...conftest import ROOT, SEED_URL

BROTLI, GZIP = 12_000, 13_000
FACE, SCRIPT, FIRST_VISIT, REQUESTS = 30_000, 3_000, 45_000, 4

# Django renders these pages for each request.
RENDERED = ("/start", "/contact", "/search", "/search?q=python", "/no-such-page", "/resources/roi-calculator?hires=3")


def test_the_seed_page(server):
    body = server.get(SEED_URL).body
    assert len(brotli.compress(body, quality=11)) <= BROTLI
    assert len(gzip.compress(body, 9)) <= GZIP


def test_the_font_and_each_script():
    faces = list((ROOT / "static" / "fonts").glob("*.woff2"))
    assert faces and sum(path.stat().st_size for path in faces) <= FACE
    scripts = list((ROOT / "static" / "js").glob("*.js"))
    assert scripts and all(path.stat().st_size <= SCRIPT for path in scripts)


@pytest.mark.parametrize("path", RENDERED)
def test_each_page_that_django_renders(server, path):
    response = server.get(path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert response.headers["Content-Encoding"] == "gzip" and b"</html>" in gzip.decompress(response.body)
    assert len(response.body) <= GZIP


@pytest.mark.parametrize("path", [SEED_URL, *RENDERED])
def test_a_first_visit(server, path):
    """Count the page and the files that browsers load by default.

    If the page has its own stylesheet or script, the icon and the web manifest count as bytes but not as requests,
    because browsers display the page before they load these two files.
    """
    page = server.get(path)
    linked = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', page.text)
    fetched = re.findall(r'<link rel="(?:preload|icon|manifest)" href="([^"]+)"', page.text)
    fetched = [url for url in fetched if not url.endswith(".ico")]  # only old browsers load an .ico file
    for url in linked:
        server.published(url)
    weights = [len(server.get(url, **{"Accept-Encoding": "gzip"}).body) for url in [*fetched, *linked]]
    assert 1 + len(fetched if not linked else ["font", *linked]) <= REQUESTS and "<img" not in page.text
    assert not linked or path != SEED_URL
    compressed = server.get(path, **{"Accept-Encoding": "gzip"}).body
    assert len(compressed) + sum(weights) <= FIRST_VISIT
