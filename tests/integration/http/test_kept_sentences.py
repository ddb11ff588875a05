"""Every sentence of a document is in the response. These tests don't depend on how pages are rendered."""

import hashlib

import pytest
from django.test import override_settings

from ...conftest import ROOT, SEED, SEED_URL
from ...support.copy_words import missing, sentences, visible

SECTIONS = sorted(path.stem for path in (ROOT / "templates" / "sections").glob("*.html"))
EXTRA = """
## ALL ROLES

Each of them is another job.

**Pages under:** /hire

## A SHEET OF FIGURES

Whoever reads them reads a report.

**Role:** /hire/data-engineer

| Dimension | Score |
|---|---|
| Technical | 66 ± 9 |
| Behavioral | 73 ± 4 |
| Contextual | 71 ± 6 |

## ROI CALCULATOR

It reckons with whatever is entered here.

## ASK FOR MORE

Somebody reads what is sent from here.

**Button:** Send it off

## SOMETHING NOBODY FORESAW

A paragraph that no kind of section knows. It has *two* sentences.

> A quotation stands here.

1. First of all, a list.
   - And a list within it.
"""


def test_every_sentence_is_served(server):
    page = server.get(SEED_URL).text
    expected = sentences(SEED.read_text())
    assert len(expected) > 120
    assert missing(SEED.read_text(), page) == []


def test_the_document_of_the_author_is_unchanged():
    digest = hashlib.sha256(SEED.read_bytes()).hexdigest()
    assert digest == "5db0bab113e33f5b460b116958aa89b49a537e9edea70c46f624c7d502bb0556"


def test_no_markdown_syntax_is_visible(server):
    words = visible(server.get(SEED_URL).text)
    for mark in ("**", "](", "## ", "|--", "```", "→ /", "[start", "eyebrow:", "headline:", "primary cta"):
        assert mark not in words


def test_document_text_is_not_in_the_code():
    sources = [
        path
        for folder in ("leads", "pages", "layersrank_site", "templates", "static")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".css", ".js")
    ]
    texts = {path: path.read_text() for path in sources}
    long = [sentence for sentence in sentences(SEED.read_text()) if len(sentence.split()) > 4]
    assert [(str(path), sentence) for path, text in texts.items() for sentence in long if sentence in text] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_text_lost_by_an_empty_section_template_is_detected(section, client, content, settings):
    document = content / "hire" / "machine-learning-engineer.md"
    document.write_text(document.read_text() + EXTRA)
    assert missing(document.read_text(), client.get(SEED_URL).content.decode()) == []
    emptied = {f"sections/{section}.html": ""}
    loaders = [
        ("django.template.loaders.locmem.Loader", emptied),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": {"loaders": loaders}}
    with override_settings(TEMPLATES=[engine]):
        assert missing(document.read_text(), client.get(SEED_URL).content.decode()) != []
