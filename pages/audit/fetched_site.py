"""Fetch the parts of a site that the rules examine, within limits."""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from .absolute_urls import absolute_url, origin_of, requested_url
from .html_parser import HtmlPage, parse_html
from .robots_txt import RobotsTxt, parse_robots
from .web_client import Answer, WebClient
from .xml_parser import UnreadableXml, local_name, parse_xml, text_of

AGENT = "LayersRank-Audit"
MAX_REQUESTS = 1_000
MAX_SECONDS = 900
# Google follows at most this many redirects in a row.
MAX_HOPS = 10
MAX_SITEMAPS = 50
SECURITY_TXT = "/.well-known/security.txt"


class UnreachableSite(Exception):
    """The start page isn't a web page, or a URL that the user named is not valid. The message says which."""


@dataclass(frozen=True)
class SitemapEntry:
    url: str
    lastmod: str = ""


@dataclass
class FetchedSite:
    """The answers of a site. `origin` is its scheme and host, and `start` is the URL of its start page.

    `answers` has all answers by their URLs without fragments. `linked` maps the target of each link to the URL of a
    page that has this link. `extra` are URLs that the user named. `missing` is a random URL without a page. If
    `is_complete` is False, the limits ended the fetching.
    """

    origin: str
    start: str
    answers: dict[str, Answer] = field(default_factory=dict)
    sitemap: list[SitemapEntry] = field(default_factory=list)
    sitemap_errors: list[tuple[str, str]] = field(default_factory=list)
    linked: dict[str, str] = field(default_factory=dict)
    robots: RobotsTxt = field(default_factory=lambda: RobotsTxt({}))
    extra: list[str] = field(default_factory=list)
    missing: str = ""
    is_complete: bool = True
    all_pages: dict[str, HtmlPage] = field(default_factory=dict)

    @property
    def is_secure(self) -> bool:
        return self.origin.startswith("https://")

    @cached_property
    def pages(self) -> dict[str, HtmlPage]:
        """The pages that answer with 200."""
        return {url: page for url, page in self.all_pages.items() if self.answers[url].status == 200}

    @cached_property
    def indexable(self) -> dict[str, HtmlPage]:
        """The pages that search engines may list. Pages whose canonical link has another address are left out."""
        return {url: page for url, page in self.pages.items() if self.is_indexable(url) and self.is_canonical(url)}

    def is_indexable(self, url: str) -> bool:
        """Return whether search engines may list the page. A robots meta tag or X-Robots-Tag header can forbid this."""
        page = self.all_pages.get(url)
        values = [*(page.all_meta("robots") if page else ()), self.answers[url].headers.get("x-robots-tag", "")]
        words = {word.strip() for value in values for word in value.lower().replace(":", ",").split(",")}
        return not words & {"noindex", "none"}

    def is_canonical(self, url: str) -> bool:
        return self.canonical_of(url) in ("", url)

    def canonical_of(self, url: str) -> str:
        """Return the URL in the page's canonical link as an absolute URL, or ""."""
        page = self.all_pages.get(url)
        links = page.links_with("canonical") if page else []
        return absolute_url(url, links[0].get("href", "")) if links else ""

    def is_own(self, url: str) -> bool:
        """Return whether `url` belongs to this site."""
        return origin_of(url) == self.origin

    def json_at(self, url: str) -> Any:
        """Return the JSON at `url`, or None if the response isn't JSON."""
        try:
            return json.loads(self.answers[url].body)
        except (KeyError, ValueError, RecursionError):
            return None


def fetch_site(
    client: WebClient, start: str, extra: Iterable[str] = (), max_requests: int = MAX_REQUESTS
) -> FetchedSite:
    """Fetch the page at `start`, the pages in the sitemap, all pages that they link to, and the files of the site.

    `extra` are more paths or URLs to request. Requests go only to the host of the start page, one after the other.
    Raise UnreachableSite if the start page can't be fetched.
    """
    return _Fetcher(client, max_requests).fetch(start, extra)


class _Fetcher:
    def __init__(self, client: WebClient, max_requests: int) -> None:
        self._client, self._left = client, max_requests
        self._end = time.monotonic() + MAX_SECONDS

    def fetch(self, start: str, extra: Iterable[str]) -> FetchedSite:
        extra = list(extra)
        for written in (start, *extra):
            if not absolute_url(start, written):
                raise UnreachableSite(f"“{written}” is not a valid URL.")
        start = requested_url(start, start if urlsplit(start).path else urlsplit(start)._replace(path="/").geturl())
        first = self._client.request(start)
        chain = {start: first}
        while first.is_redirect and (target := requested_url(start, first.target)) and target not in chain:
            if len(chain) > MAX_HOPS:
                break
            first = self._client.request(target)
            chain[target] = first
        if first.status != 200:
            raise UnreachableSite(f"{first.url} can't be audited: {first.what}.")
        self.site = site = FetchedSite(origin_of(first.url), first.url, chain)
        self._read_page(site.start)
        if site.start not in site.all_pages:
            raise UnreachableSite(f"{first.url} can't be audited: its type is “{first.content_type}”, not “text/html”.")
        self._fetch_robots()
        self._fetch_sitemaps()
        self._queue = deque(dict.fromkeys(self._first_urls(extra)))
        self._queue.extend(self._links_of(site.start))
        while self._queue:
            url = self._queue.popleft()
            if self._request(url):
                self._queue.extend(self._links_of(url))
        return site

    def _fetch_robots(self) -> None:
        url = self.site.origin + "/robots.txt"
        self._request(url)
        if self._is_found(url):
            self.site.robots = parse_robots(self.site.answers[url].text)

    def _fetch_sitemaps(self) -> None:
        site = self.site
        named = [requested_url(site.start, each) for each in site.robots.sitemaps if site.is_own(each)]
        waiting = deque(named or [site.origin + "/sitemap.xml"])
        seen = set(waiting)
        while waiting and len(seen) <= MAX_SITEMAPS:
            url = waiting.popleft()
            if not self._request(url):
                continue
            if not self._is_found(url):
                site.sitemap_errors.append((url, f"The sitemap's address answers with {site.answers[url].what}."))
                continue
            try:
                root = parse_xml(site.answers[url].body)
            except UnreadableXml as error:
                site.sitemap_errors.append((url, str(error)))
                continue
            entries = [SitemapEntry(text_of(each, "loc"), text_of(each, "lastmod")) for each in root]
            if local_name(root) == "sitemapindex":
                own = (requested_url(url, entry.url) for entry in entries if site.is_own(entry.url))
                new = [each for each in dict.fromkeys(own) if each not in seen]
                waiting.extend(new)
                seen.update(new)
            else:
                site.sitemap += entries

    def _first_urls(self, extra: Iterable[str]) -> Iterator[str]:
        site = self.site
        site.missing = f"{site.origin}/{secrets.token_hex(8)}"
        yield from (site.missing, site.origin + "/favicon.ico", site.origin + SECURITY_TXT)
        site.extra = [requested_url(site.start, each) for each in extra]
        yield from site.extra
        if site.is_secure and urlsplit(site.origin).port is None:
            yield site.start.replace("https://", "http://", 1)
        yield from (requested_url(site.start, entry.url) for entry in site.sitemap)

    def _links_of(self, url: str) -> Iterator[str]:
        """Yield the URLs to fetch after `url`.

        If `url` redirects, yield its target. If `url` is a web manifest, yield its icons. If `url` is a page, yield its
        links to this site, its social card images, and the targets of `<link>` elements such as its icon.
        """
        site, answer = self.site, self.site.answers[url]
        if answer.is_redirect:
            yield requested_url(url, answer.target)
        page = site.all_pages.get(url)
        if page is None:
            if answer.content_type in ("application/manifest+json", "application/json") and url in self._manifests():
                yield from (requested_url(url, icon["src"]) for icon in icons_of(site.json_at(url)))
            return
        for rel in ("canonical", "icon", "apple-touch-icon", "manifest", "alternate"):
            yield from (requested_url(url, link.get("href", "")) for link in page.links_with(rel))
        for name in ("og:image", "twitter:image"):
            yield from (requested_url(url, each) for each in page.all_meta(name) if each)
        for anchor in page.anchors:
            target = requested_url(url, anchor.href)
            if site.is_own(target) and target != url and "nofollow" not in anchor.rel.lower().split():
                site.linked.setdefault(target, url)
                yield target

    def _manifests(self) -> set[str]:
        site = self.site
        links = site.all_pages[site.start].links_with("manifest")
        return {requested_url(site.start, link.get("href", "")) for link in links}

    def _request(self, url: str) -> bool:
        """Request `url`, which has no fragment.

        Return False if `url` was requested before or is on another host, or if robots.txt or a limit forbids the
        request.
        """
        site = self.site
        is_same_host = urlsplit(url).netloc == urlsplit(site.origin).netloc
        if url in site.answers or not is_same_host or not site.robots.allows(AGENT, url):
            return False
        if not self._left or time.monotonic() > self._end:
            site.is_complete = False
            return False
        self._left -= 1
        site.answers[url] = self._client.request(url)
        self._read_page(url)
        return True

    def _read_page(self, url: str) -> None:
        answer = self.site.answers[url]
        if answer.content_type in ("text/html", "application/xhtml+xml") and not answer.is_redirect:
            self.site.all_pages[url] = parse_html(answer.text)

    def _is_found(self, url: str) -> bool:
        return url in self.site.answers and self.site.answers[url].status == 200


def icons_of(manifest: Any) -> list[dict[str, str]]:
    """Return the icons in a web manifest that have a URL, each with its `src` and its `sizes`."""
    icons = manifest.get("icons") if isinstance(manifest, dict) else None
    return [
        {"src": icon["src"], "sizes": str(icon.get("sizes", ""))}
        for icon in (icons if isinstance(icons, list) else ())
        if isinstance(icon, dict) and isinstance(icon.get("src"), str)
    ]
