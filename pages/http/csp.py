"""The stylesheet as it stands in every page, and the policy that lets it, and nothing else inline, take effect."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string

_STYLE_ELEMENT = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def content_security_policy() -> str:
    """The Content-Security-Policy of every answer (https://www.w3.org/TR/CSP3/): the site's own files, the style by its
    hash, no script inline, no frame. In development it follows the stylesheet; else it is made once."""
    return _policy() if settings.DEBUG else _cached_policy()


def _policy() -> str:
    hashes = " ".join(
        f"'sha256-{_sha256(style)}'" for style in _STYLE_ELEMENT.findall(render_to_string("partials/style.html"))
    )
    directives = {
        "default-src": "'none'",
        "style-src": f"'self' {hashes}",
        "script-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _sha256(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


_cached_policy = cache(_policy)
