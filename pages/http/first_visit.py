"""Requests that the site makes to itself, as if a first-time visitor had sent them."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest


def first_visit(path: str, query: str = "") -> WSGIRequest:
    """Return the request of a first-time visitor, without cookies, preconditions, Referer or Accept-Encoding.

    In WSGI, each byte of the path is one character (PEP 3333).
    """
    site = urlsplit(settings.SITE_URL)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": settings.ALLOWED_HOSTS[0].removeprefix("."),
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or 80),
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
