"""Responses with an HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .csp import content_security_policy
from .stylesheet import stylesheet

# `base.html` contains this element. The page's stylesheet replaces it.
_PLACEHOLDER = "<style></style>"


def html_response(
    template: str, context: Mapping[str, Any], request: HttpRequest | None = None, status: int = 200
) -> HttpResponse:
    """Render a template that extends `base.html`. Add the page's stylesheet, and the policy that allows it."""
    html = str(render_to_string(template, dict(context), request))
    style = stylesheet(html)
    html = html.replace(_PLACEHOLDER, f"<style>{style}</style>", 1)
    return HttpResponse(html, status=status, headers={"Content-Security-Policy": content_security_policy(style)})
