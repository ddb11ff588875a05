"""Measure the time to parse, render and compress one document, and the size of each kind of page."""

import gzip
from pathlib import Path

import brotli
from django.test import Client, override_settings

from pages.content import document
from pages.content.problems import Source
from pages.publish.compression import compress
from pages.repository import current

from ..conftest import ROOT, SEED, SEED_URL
from ..support.page_budgets import budget_of
from .measure import Rows, median_ms

# The status line, the headers that the server adds, and the empty line.
SERVER_HEADERS = (
    "HTTP/1.1 200 OK\r\ndate: Mon, 30 Nov 2026 04:00:00 GMT\r\ncontent-encoding: br\r\ncontent-length: 14000\r\n\r\n"
)

KINDS = {
    "home": "/",
    "role": SEED_URL,
    "hub": "/hire",
    "question bank": "/resources/question-bank",
    "calculator": "/resources/roi-calculator",
    "pricing": "/pricing",
    "text page": "/privacy",
}


def rows(folder: Path) -> Rows:
    text, client = SEED.read_text(), Client()
    page = client.get(SEED_URL).content
    parse = median_ms(lambda: document.read(Source("bench.md", text), "/bench", document.Settings({})))
    render = median_ms(lambda: client.get(SEED_URL))
    yield "machine learning page: parsed", f"{parse:.1f} ms", ""
    yield "… rendered", f"{render:.1f} ms", f"{render / parse:.1f} × parsing"
    for name, work in (
        ("gzip 9", lambda: gzip.compress(page, 9)),
        ("brotli 11", lambda: brotli.compress(page, quality=11)),
    ):
        compression = median_ms(work)
        yield f"… compressed with {name}", f"{compression:.1f} ms", f"{compression / parse:.1f} × parsing"
    for kind, url in KINDS.items():
        if current.visible_pages().page(url):
            body = client.get(url).content
            length = {coding: len(data) for coding, data in compress(body).items()}
            sizes = f"{length['br']:,} bytes in brotli, {length['gzip']:,} in gzip"
            yield f"size of the page, {kind}", sizes, f"{length['br'] / len(body):.0%} of {len(body):,}"
    with override_settings(CONTENT_DIR=ROOT / "content"):
        current.reset()
        yield from _heavy_pages(client)
    current.reset()


def _heavy_pages(client: Client) -> Rows:
    """Yield a row for each page in `content/` that exceeds its budget."""
    for page in current.visible_pages().pages():
        response = client.get(page.url)
        length = {coding: len(data) for coding, data in compress(response.content).items()}
        headers = len(response.serialize_headers()) + len(SERVER_HEADERS)
        if excess := budget_of(page).excess(length["br"], length["gzip"], headers):
            yield f"{page.path} exceeds its budget", f"save {excess:,} bytes", ""
