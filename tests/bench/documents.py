"""One document: what it takes to read, render and compress it; and what its pages weigh."""

import gzip
from pathlib import Path

import brotli
from django.test import Client

from pages.content import document
from pages.content.problems import Source
from pages.publish.compression import compress
from pages.repository import current

from ..conftest import SEED, SEED_URL
from .measure import Rows, median_ms

KINDS = {
    "home": "/",
    "role": SEED_URL,
    "hub": "/hire",
    "question bank": "/resources/question-bank",
    "calculator": "/resources/roi-calculator",
    "prices": "/pricing",
    "text": "/privacy",
}


def rows(folder: Path) -> Rows:
    text, client = SEED.read_text(), Client()
    page = client.get(SEED_URL).content
    read = median_ms(lambda: document.read(Source("bench.md", text), "/bench", document.Settings({})))
    render = median_ms(lambda: client.get(SEED_URL))
    yield "the seed document: read", f"{read:.1f} ms", ""
    yield "… rendered", f"{render:.1f} ms", f"{render / read:.1f} × reading"
    for name, work in (
        ("gzip 9", lambda: gzip.compress(page, 9)),
        ("brotli 11", lambda: brotli.compress(page, quality=11)),
    ):
        took = median_ms(work)
        yield f"… compressed, {name}", f"{took:.1f} ms", f"{took / read:.1f} × reading"
    for kind, url in KINDS.items():
        if current.visible_pages().page(url):
            body = client.get(url).content
            made = {coding: len(data) for coding, data in compress(body).items()}
            budget = "; budget 12,000 and 13,000" if url == SEED_URL else ""
            sizes = f"{made['br']:,} bytes in brotli, {made['gzip']:,} in gzip"
            yield f"weight, {kind}", sizes, f"{made['br'] / len(body):.0%} of {len(body):,}{budget}"
