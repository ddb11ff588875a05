"""The Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache


@lru_cache(100)  # stylesheet.py caches the same number of stylesheets
def content_security_policy(style: str = "", frame_hosts: tuple[str, ...] = (), has_video: bool = False) -> str:
    """Return the Content-Security-Policy of a response (https://www.w3.org/TR/CSP3/).

    The policy allows the site's own files, the inline stylesheet `style`, and inline rules for prefetching
    (https://html.spec.whatwg.org/multipage/speculative-loading.html). It allows frames only from `frame_hosts`, and the
    site's own videos only with `has_video`. It forbids all other inline styles and scripts.
    """
    directives = {
        "default-src": "'none'",
        "style-src": f"'self' 'sha256-{_sha256(style)}'" if style else "'self'",
        "script-src": "'self' 'inline-speculation-rules'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    if frame_hosts:
        directives["frame-src"] = " ".join(f"https://{host}" for host in frame_hosts)
    if has_video:
        directives["media-src"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
