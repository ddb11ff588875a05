"""The elements that pages contain instead of linking to a file: stylesheets, and rules for prefetching."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

# Stylesheets that only some pages need. Each is a file in static/css/pages/.
PAGE_STYLESHEETS = ("bank", "forms", "search")


def inline_stylesheet() -> SafeString:
    """Return the `<style>` element of every page."""
    return _render("partials/style.html")


def inline_page_stylesheet(name: str) -> SafeString:
    """Return the `<style>` element of one of PAGE_STYLESHEETS."""
    return _render("partials/page_style.html", f"css/pages/{name}.css")


def speculation_rules() -> SafeString:
    """Return the element that lets browsers prefetch a page when the visitor is about to follow a link.

    Search results are excluded, because the server computes them for each request. `/search*` would also match pages
    such as /search-engineer. See https://wicg.github.io/nav-speculation/speculation-rules.html.
    """
    return _render("partials/speculation_rules.html")


def all_inline_elements() -> list[SafeString]:
    """Return all elements that need a hash in the Content-Security-Policy."""
    return [inline_stylesheet(), *map(inline_page_stylesheet, PAGE_STYLESHEETS), speculation_rules()]


def _render(template: str, file: str = "") -> SafeString:
    """Render an element only once, because rendering it takes longer than rendering the rest of a page.

    In development, render it each time, because the stylesheets may change.
    """
    return _render_now(template, file) if settings.DEBUG else _render_once(template, file)


def _render_now(template: str, file: str) -> SafeString:
    return render_to_string(template, {"file": file})


_render_once = cache(_render_now)
