"""A cache of parsed documents, because many tests read the same documents with the same settings.

Reading a document depends only on its text, its path and the settings, and pages are immutable. Long texts are not
cached, because their pages need much memory.
"""

from copy import copy
from functools import lru_cache

import pytest

from pages.content import blocks, document
from pages.content.block_types import Block
from pages.content.document import Page, Settings
from pages.content.problems import Source

MAX_LENGTH = 50_000  # in characters
MAX_TEXTS = 500


def cache_reading(patch: pytest.MonkeyPatch) -> None:
    """Let `blocks.parse` and `document.read` return their earlier result when they get the same text again."""
    parse, cached_parse = blocks.parse, lru_cache(MAX_TEXTS)(blocks.parse)
    read = document.read
    pages: dict[object, list[tuple[Settings, Page]]] = {}

    def parse_or_reuse(text: str) -> tuple[Block, ...]:
        return cached_parse(text) if len(text) < MAX_LENGTH else parse(text)

    def read_or_reuse(source: Source, default_url: str, settings: Settings, *, check: bool = True) -> Page:
        key = (source.path, source.text, default_url, check)
        for known_settings, page in pages.get(key, ()):
            if known_settings == settings:
                # `read` returns a new object for each call, and some tests check this. So return a copy.
                return copy(page)
        page = read(source, default_url, settings, check=check)
        if len(source.text) < MAX_LENGTH:
            if len(pages) == MAX_TEXTS:
                pages.clear()
            pages.setdefault(key, []).append((settings, page))
            del pages[key][:-3]
        return page

    patch.setattr(blocks, "parse", parse_or_reuse)
    patch.setattr(document, "read", read_or_reuse)
