"""The inline stylesheet of each page: the CSS of all pages, and the CSS of the components on the page."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string

# The files of static/css/components, in the order of the cascade. Each file is named after a class or an
# element. A page's stylesheet contains the file if the page has this class or element.
COMPONENTS = (
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
    "level",
    "next-question",
    "signs",
    "bank",
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

_ELEMENTS = re.compile(r"<([a-z]+)")
_CLASSES = re.compile(r' class="([^"]*)"')


def stylesheet(html: str) -> str:
    """Return the content of the `<style>` element of a page. `html` is the page without this element."""
    names = {name for classes in _CLASSES.findall(html) for name in classes.split()}
    names.update(_ELEMENTS.findall(html))
    components = tuple(name for name in COMPONENTS if name in names)
    return _render(components) if settings.DEBUG else _cached(components)


def _render(components: tuple[str, ...]) -> str:
    element = render_to_string("partials/style.html", {"components": components})
    return element.partition(">")[2].rpartition("</style>")[0]


_cached = lru_cache(_MAX_STYLESHEETS)(_render)
