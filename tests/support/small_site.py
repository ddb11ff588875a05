"""A small site in memory that follows all rules of the audit, for tests that break one rule at a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

from PIL import Image

from pages.audit.web_client import Answer

ORIGIN = "https://site.example"
HTML = {
    "content-type": "text/html; charset=utf-8",
    "content-encoding": "gzip",
    "etag": '"1"',
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
}
PAGE = """<!doctype html>
<html lang="{language}"><head><title>{name}</title>
<meta name="viewport" content="width=device-width">
<meta name="description" content="What the page about {name} says, in as many words as search results show of it.">
<meta property="og:title" content="{name}"><meta property="og:type" content="website">
<meta property="og:url" content="{url}"><meta property="og:image" content="{origin}/card.png">
<meta property="og:description" content="What the page about {name} says.">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="{url}"><link rel="manifest" href="/site.webmanifest">
<link rel="icon" href="/icon.svg"><link rel="apple-touch-icon" href="/touch.png">
<link rel="alternate" type="application/atom+xml" href="/feed.xml">{more}</head>
<body><svg><title>A drawing</title></svg><h1>{name}</h1><h2>One</h2><p>Words, <a href="/">our home page</a>,
<a href="/prices">prices</a> and <img src="/card.png" alt="a card">.</p><h3>Two</h3></body></html>
"""
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:feed</id><title>News</title>
<updated>2026-01-02T00:00:00Z</updated><link rel="self" href="{origin}/feed.xml"/><entry><id>urn:1</id>
<title>One</title><updated>2026-01-02T00:00:00Z</updated><link href="{origin}/prices"/>
<author><name>Asha</name></author></entry></feed>"""
SITEMAP = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{origin}/</loc></url>
<url><loc>{origin}/prices</loc><lastmod>2026-01-02</lastmod></url><url><loc>{origin}/preise</loc></url></urlset>"""
ERROR = '<!doctype html><html lang="en"><meta name="robots" content="noindex"><meta name="viewport" content="width=1">'
ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'


class SmallSite:
    """Answers requests in place of a WebClient. Tests change `answers`, which maps paths or whole URLs to answers."""

    def __init__(self) -> None:
        soon = (datetime.now(UTC) + timedelta(days=90)).isoformat()
        icons = [{"src": f"/{size}.png", "sizes": f"{size}x{size}"} for size in (192, 512)]
        manifest = {"name": "Site", "start_url": "/", "display": "browser", "icons": icons}
        versions = "".join(
            f'<link rel="alternate" hreflang="{code}" href="{ORIGIN}{path}">'
            for code, path in (("en", "/prices"), ("de", "/preise"))
        )
        self.answers: dict[str, Answer] = {}
        self.requested: list[str] = []
        self.put("/", page("/", "Home"))
        self.put("/prices", page("/prices", "Prices", versions))
        self.put("/preise", page("/preise", "Preise", versions, "de"))
        self.put("/robots.txt", f"User-agent: *\nDisallow: /private\nSitemap: {ORIGIN}/sitemap.xml", "text/plain")
        self.put("/sitemap.xml", SITEMAP.format(origin=ORIGIN), "application/xml")
        self.put("/feed.xml", FEED.format(origin=ORIGIN), "application/atom+xml")
        self.put("/site.webmanifest", json.dumps(manifest), "application/manifest+json")
        contact = f"Contact: mailto:security@site.example\nExpires: {soon}\n"
        self.put("/.well-known/security.txt", contact, "text/plain")
        self.put("/icon.svg", ICON, "image/svg+xml")
        for path, size in (("/card.png", (1200, 630)), ("/touch.png", (180, 180)), ("/favicon.ico", (48, 48))):
            self.put(path, png(*size), "image/png")
        for size in (192, 512):
            self.put(f"/{size}.png", png(size, size), "image/png")
        self.redirect("http://site.example/", f"{ORIGIN}/")

    def put(self, path: str, body: str | bytes, content_type: str = "", status: int = 200, **headers: str) -> None:
        """Set the answer at `path`. Without a content type, the answer is a page whose headers break no rule."""
        own = {"content-type": content_type} if content_type else HTML
        sent = {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}
        raw = body.encode() if isinstance(body, str) else body
        self.answers[_url(path)] = Answer(_url(path), status, sent, raw)

    def redirect(self, path: str, target: str, status: int = 301) -> None:
        self.answers[_url(path)] = Answer(_url(path), status, {"location": target})

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace `old` in the body of the answer at `path`. Fail if the body lacks `old`."""
        answer = self.answers[_url(path)]
        assert old in answer.text
        self.answers[_url(path)] = Answer(
            answer.url, answer.status, answer.headers, answer.text.replace(old, new).encode()
        )

    def request(self, url: str, method: str = "GET") -> Answer:
        self.requested.append(url)
        headers = HTML | {"content-type": "text/html; charset=utf-8"}
        error = Answer(url, 404, headers, f"{ERROR}<title>Not found</title><h1>Not found</h1>".encode())
        return self.answers.get(url, error)


def page(path: str, name: str, more: str = "", language: str = "en") -> str:
    return PAGE.format(url=ORIGIN + path, origin=ORIGIN, name=name, more=more, language=language)


@cache
def png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def _url(path: str) -> str:
    return path if "://" in path else ORIGIN + path
