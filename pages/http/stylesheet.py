"""The inline stylesheet of each page: the CSS of all pages, and the CSS of the components on the page."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string

# The files of static/css/components, in the order of the cascade. Each file is named after a class or an
# element. A page's stylesheet contains the file if the page has this class or element.
COMPONENTS = (
    "order-1",
    "preview-bar",
    "banner",
    "breadcrumbs",
    "versions",
    "masthead",
    "hero",
    "text-page",
    "byline",
    "interval",
    "weight-bar",
    "illustration",
    "files",
    "first-page",
    "first-pages",
    "duel",
    "score-line",
    "scores-on-ink",
    "contents",
    "prose",
    "task",
    "img",
    "image-row",
    "player",
    "video",
    "code",
    "pre",
    "blockquote",
    "quotation",
    "callout",
    "definitions",
    "table-scroll",
    "wide-table",
    "stacked-table",
    "table-series",
    "worksheet",
    "fact",
    "statements",
    "plain-statements",
    "odd-statements",
    "dimension-group",
    "questions",
    "plain-questions",
    "level",
    "next-question",
    "signs",
    "bank",
    "criteria",
    "criteria-table",
    "step-list",
    "plans",
    "plan-calls",
    "inclusions",
    "faq-list",
    "chart",
    "axis",
    "bands",
    "report",
    "cards",
    "article-date",
    "page-numbers",
    "standalone-link",
    "closing",
    "note-list",
    "field",
    "form-page",
    "calculation",
    "search",
    "other-script",
    "right-to-left",
)

# Pages with the same components share a stylesheet, so a site has few stylesheets. Each is at most about 30 kB long.
_MAX_STYLESHEETS = 100


def stylesheet(names: Set[str]) -> str:
    """Return the content of the page's `<style>` element. `names` are the page's classes and elements."""
    components = tuple(name for name in COMPONENTS if name in names)
    return _render(components) if settings.DEBUG else _cached(components)


def _render(components: tuple[str, ...]) -> str:
    element = render_to_string("partials/style.html", {"components": components})
    return _join_layers(element.partition(">")[2].rpartition("</style>")[0])


def _join_layers(style: str) -> str:
    """Join neighboring blocks of the same layer, because each byte counts."""
    # For each outermost pair of braces: the text before the opening brace, and the text between the braces.
    blocks: list[tuple[str, str]] = []
    depth = start = 0
    for match in re.finditer("[{}]", style):
        depth += 1 if match[0] == "{" else -1
        if match[0] == "{" and depth == 1:
            prelude, start = style[start : match.start()], match.end()
        elif depth == 0:
            content, start = style[start : match.start()], match.end()
            if blocks and blocks[-1][0] == prelude and prelude.startswith("@layer"):
                content = blocks.pop()[1] + content
            blocks.append((prelude, content))
    return "".join(f"{prelude}{{{content}}}" for prelude, content in blocks)


_cached = lru_cache(_MAX_STYLESHEETS)(_render)
