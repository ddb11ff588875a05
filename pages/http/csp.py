"""The Content-Security-Policy, with the hash of the inline stylesheet."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from django.conf import settings

from .stylesheet import inline_stylesheet

_STYLE_ELEMENT = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def content_security_policy() -> str:
    """Return the policy for all responses (https://www.w3.org/TR/CSP3/).

    The policy allows the site's own files. The policy also allows the inline stylesheet, by the stylesheet's hash.
    Inline scripts and frames are forbidden. The policy is computed once, except in development, where the stylesheet
    changes.
    """
    return _policy() if settings.DEBUG else _cached_policy()


def _policy() -> str:
    hashes = " ".join(f"'sha256-{_sha256(style)}'" for style in _STYLE_ELEMENT.findall(inline_stylesheet()))
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
