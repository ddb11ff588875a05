"""The inline stylesheet."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def inline_stylesheet() -> SafeString:
    """Return the `<style>` element of every page.

    The element is rendered only once, because rendering it takes longer than rendering the rest of a page. In
    development, it is rendered each time, because the stylesheet may change.
    """
    return _render() if settings.DEBUG else _render_once()


def _render() -> SafeString:
    return render_to_string("partials/style.html")


_render_once = cache(_render)
