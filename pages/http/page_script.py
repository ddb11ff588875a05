"""The inline script of each page. Browsers would need another round trip to load a script from a file."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string

# The files of static/js. Each file is named after a class. A page's script contains the file if the page has this
# class.
SCRIPTS = ("bank", "calculation", "player")


def page_script(names: Set[str]) -> str:
    """Return the content of the page's `<script>` element, or "". `names` are the names of the page's CSS classes."""
    scripts = tuple(name for name in SCRIPTS if name in names)
    if not scripts:
        return ""
    return _render(scripts) if settings.DEBUG else _cached(scripts)


def _render(scripts: tuple[str, ...]) -> str:
    element = render_to_string("partials/script.html", {"scripts": scripts})
    return element.partition(">")[2].rpartition("</script>")[0]


_cached = lru_cache(_render)
