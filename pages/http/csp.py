"""The Content-Security-Policy, with the hashes of the inline elements."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from django.conf import settings

from .inline_elements import all_inline_elements

_ELEMENT = re.compile(r"<(style|script)[^>]*>(.*?)</\1>", re.DOTALL)


def content_security_policy() -> str:
    """Return the policy for all responses (https://www.w3.org/TR/CSP3/).

    The policy allows the site's own files. The policy also allows the inline stylesheets and the rules for prefetching,
    by their hashes. Other inline scripts, and frames, are forbidden. The policy is computed once, except in
    development, where the stylesheets change.
    """
    return _policy() if settings.DEBUG else _cached_policy()


def _policy() -> str:
    elements = [match for element in all_inline_elements() for match in _ELEMENT.findall(element)]
    style_hashes, script_hashes = (
        " ".join(f"'sha256-{_sha256(content)}'" for name, content in elements if name == kind)
        for kind in ("style", "script")
    )
    directives = {
        "default-src": "'none'",
        "style-src": f"'self' {style_hashes}",
        "script-src": f"'self' {script_hashes}",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _sha256(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


_cached_policy = cache(_policy)
