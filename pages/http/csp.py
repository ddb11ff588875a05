"""The Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache


@lru_cache(100)  # stylesheet.py caches the same number of stylesheets
def content_security_policy(
    style: str = "", scripts: tuple[str, ...] = (), frame_hosts: tuple[str, ...] = (), has_video: bool = False
) -> str:
    """Return the Content-Security-Policy of a response (https://www.w3.org/TR/CSP3/).

    The policy allows the site's own files, the inline stylesheet `style`, the inline `scripts`, and inline rules for
    prefetching (https://html.spec.whatwg.org/multipage/speculative-loading.html). It allows frames only from
    `frame_hosts`, and the site's own videos only with `has_video`. It forbids all other inline styles and scripts.

    Without `scripts`, the keyword 'inline-speculation-rules' allows the rules for prefetching. With `scripts`, the
    policy has a hash of each script, and browsers ignore the keyword. `scripts` must then contain these rules, too.
    """
    inline_scripts = _hash_sources(*scripts) or " 'inline-speculation-rules'"
    directives = {
        "default-src": "'none'",
        "style-src": f"'self'{_hash_sources(style)}",
        "script-src": f"'self'{inline_scripts}",
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


def _hash_sources(*texts: str) -> str:
    """Return the source expressions for inline elements with these texts. A space precedes each source."""
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts if text]
    return "".join(f" 'sha256-{digest}'" for digest in digests)
