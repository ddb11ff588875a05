"""The inline stylesheet."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def inline_stylesheet() -> SafeString:
    """Return the `<style>` element of every page.

    It is rendered once, since that takes more than half of the time for a page. In development, the stylesheet changes.
    """
    return _render() if settings.DEBUG else _render_once()


def _render() -> SafeString:
    return render_to_string("partials/style.html")


_render_once = cache(_render)
