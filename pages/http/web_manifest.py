"""favicon.ico and the web app manifest, which lists the larger icons."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control

from ..repository import current
from .caching import cache_publicly
from .decorators import read_only

# The background color of the header and of the icon.
INK = "#2d2d3a"


@read_only
@cache_control(public=True, max_age=24 * 60 * 60)
def favicon(request: HttpRequest) -> HttpResponse:
    """Serve /favicon.ico, which browsers request even if a page has other icons."""
    data = (settings.BASE_DIR / "static" / "img" / "favicon.ico").read_bytes()
    return HttpResponse(data, content_type="image/x-icon")


@read_only
def manifest(request: HttpRequest) -> HttpResponse:
    """Serve the web app manifest (https://www.w3.org/TR/appmanifest/)."""
    name = current.visible_pages_of(request).library.site.name
    data = {
        "name": name,
        "short_name": name,
        "start_url": "/",
        "display": "browser",
        "background_color": INK,
        "theme_color": INK,
        "icons": [
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            _icon("icon-maskable-512.png", "512x512", purpose="maskable"),
        ],
    }
    body = json.dumps(data, ensure_ascii=False)
    return cache_publicly(request, HttpResponse(body, content_type="application/manifest+json"))


def _icon(name: str, sizes: str, **attributes: str) -> dict[str, str]:
    return {"src": static(f"img/{name}"), "sizes": sizes, "type": "image/png", **attributes}
