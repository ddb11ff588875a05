"""Page weight budgets: page, style and headers fit into TCP's first ten packets (RFC 6928)."""

import gzip
import re

import brotli

from ...conftest import ROOT, SEED_URL

BROTLI, GZIP = 12_000, 13_000
FACE, SCRIPT, FIRST_VISIT, REQUESTS = 30_000, 3_000, 60_000, 4


def test_the_seed_page(server):
    body = server.get(SEED_URL).body
    assert len(brotli.compress(body, quality=11)) <= BROTLI
    assert len(gzip.compress(body, 9)) <= GZIP


def test_the_font_and_each_script():
    faces = list((ROOT / "static" / "fonts").glob("*.woff2"))
    assert faces and sum(path.stat().st_size for path in faces) <= FACE
    scripts = list((ROOT / "static" / "js").glob("*.js"))
    assert scripts and all(path.stat().st_size <= SCRIPT for path in scripts)


def test_a_first_visit(server):
    """Count the page, font, icon and web manifest. Browsers don't load other files by default."""
    page = server.get(SEED_URL)
    assert "<script src" not in page.text and 'rel="stylesheet"' not in page.text
    fetched = re.findall(r'<link rel="(?:preload|icon|manifest)" href="([^"]+)"', page.text)
    fetched = [path for path in fetched if not path.endswith(".ico")]  # only old browsers load an .ico file
    weights = [len(server.get(path).body) for path in fetched]
    assert len(fetched) + 1 <= REQUESTS and "<img" not in page.text
    assert len(gzip.compress(page.body, 9)) + sum(weights) <= FIRST_VISIT
