"""Rules about a site's sitemap, robots.txt and security.txt, and about the headers of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from .fetched_site import SECURITY_TXT, FetchedSite
from .finding import Finding
from .robots_txt import MAX_BYTES as MAX_ROBOTS_BYTES
from .web_client import Answer

# Crawlers of search engines. Each may have a group of its own in robots.txt.
_CRAWLERS = ("*", "Googlebot", "Bingbot")
_W3C_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")
_CONTACT = ("https://", "mailto:", "tel:")
# Below this size, compression saves no network packet.
_MIN_COMPRESSED_BYTES = 1_400
_YEAR = timedelta(days=366)


def check_sitemap(site: FetchedSite) -> Iterator[Finding]:
    yield from (Finding(url, message, "Correct the sitemap.") for url, message in site.sitemap_errors)
    if not site.sitemap and not site.sitemap_errors:
        yield Finding(site.start, "The sitemap lists no pages.", "List all pages that search engines may show.")
    for url, count in Counter(entry.url for entry in site.sitemap).items():
        answer = site.answers.get(url)
        if not site.is_own(url):
            help = "Remove this address from the sitemap."
            yield Finding(url, f"The sitemap lists an address outside {site.origin}.", help)
        elif count > 1:
            yield Finding(url, f"The sitemap lists this address {count} times.", "List it once.")
        elif answer and answer.status != 200:
            yield Finding(url, f"The address in the sitemap answers with {answer.what}.", "Correct or remove the URL.")
        elif answer and not site.is_indexable(url):
            help = "Remove this page from the sitemap, or remove noindex."
            yield Finding(url, "The page in the sitemap has noindex.", help)


def check_lastmod(site: FetchedSite) -> Iterator[Finding]:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # it may be tomorrow already in the site's time zone
    for entry in site.sitemap:
        if not entry.lastmod:
            continue
        day = _day(entry.lastmod) if _W3C_DATE.fullmatch(entry.lastmod) else None
        page = site.pages.get(entry.url)
        stated = _day(page.meta("article:modified_time")) if page else None
        help = "State the day when the page last changed, or leave out lastmod."
        if day is None:
            yield Finding(entry.url, f"lastmod is “{entry.lastmod}”, which is no date.", help)
        elif day > tomorrow:
            yield Finding(entry.url, f"lastmod is {day}, which is in the future.", help)
        elif stated and day < stated:
            yield Finding(entry.url, f"lastmod is {day}, but the page says that it changed on {stated}.", help)


def _day(text: str) -> date | None:
    """Return the day of the W3C date `text`, or None if it is invalid. For a month or year, return the first day."""
    try:
        return date.fromisoformat((text[:10] + "-01-01")[:10] if len(text) < 10 else text[:10])
    except ValueError:
        return None


def check_robots(site: FetchedSite) -> Iterator[Finding]:
    url = site.origin + "/robots.txt"
    answer = site.answers[url]
    if answer.status != 200 or answer.content_type != "text/plain":
        message = f"robots.txt answers with {answer.what} and the type “{answer.content_type}”."
        yield Finding(url, message, "Answer with 200 and text/plain.")
        return
    if len(answer.body) > MAX_ROBOTS_BYTES:
        yield Finding(url, "robots.txt is larger than 500 KiB, so crawlers ignore the rest.", "Shorten it.")
    if not site.robots.sitemaps:
        yield Finding(url, "robots.txt doesn't name the sitemap.", f"Add the line Sitemap: {site.origin}/sitemap.xml")
    for address in (entry.url for entry in site.sitemap if site.is_own(entry.url)):
        forbidden = [agent for agent in _CRAWLERS if not site.robots.allows(agent, address)]
        if forbidden:
            message = f"The sitemap lists this page, but robots.txt blocks it for {', '.join(forbidden)}."
            yield Finding(address, message, "Allow the page, or take it out of the sitemap.")


def check_security_txt(site: FetchedSite) -> Iterator[Finding]:
    url = site.origin + SECURITY_TXT
    answer = site.answers.get(url)
    if answer is None:
        return
    if answer.status != 200 or answer.content_type != "text/plain":
        message = f"security.txt answers with {answer.what} and the type “{answer.content_type}”."
        yield Finding(url, message, "Write a security.txt that says how to report a vulnerability.")
        return
    lines = [line.partition(":") for line in answer.text.splitlines() if line and not line.startswith("#")]
    fields = [(name.strip().lower(), value.strip()) for name, colon, value in lines if colon]
    contacts = [value for name, value in fields if name == "contact"]
    if not contacts or not all(value.startswith(_CONTACT) for value in contacts):
        help = "Write a line such as Contact: mailto:security@example.com"
        yield Finding(url, "security.txt has no valid contact.", help)
    canonical = [value for name, value in fields if name == "canonical"]
    if canonical and url not in canonical:
        yield Finding(url, f"“Canonical” is {canonical[0]}.", f"Write Canonical: {url}")
    if sum(name == "preferred-languages" for name, _ in fields) > 1:
        yield Finding(url, "security.txt has several lines “Preferred-Languages”.", "Keep one of them.")
    yield from _check_expires(url, [value for name, value in fields if name == "expires"])


def _check_expires(url: str, values: list[str]) -> Iterator[Finding]:
    now, help = datetime.now(UTC), "Write one line such as Expires: 2027-06-30T00:00:00Z"
    try:
        [expires] = [datetime.fromisoformat(value) for value in values]
        left = expires - now
    except (ValueError, TypeError):
        yield Finding(url, "security.txt needs one date “Expires” with a time zone.", help)
        return
    if not timedelta() < left < _YEAR:
        yield Finding(url, f"security.txt expires on {expires.date()}.", "Write a day within the next year.")


def check_headers(site: FetchedSite) -> Iterator[Finding]:
    for url in site.all_pages:
        answer = site.answers[url]
        for what, is_good, help in _header_checks(answer, site.is_secure, url in site.indexable):
            if not is_good:
                yield Finding(url, what, help)


def _header_checks(answer: Answer, is_secure: bool, is_indexable: bool) -> Iterator[tuple[str, bool, str]]:
    """Yield `(message, passes, advice)` for each check of the headers. `message` says what a failed check found."""
    headers = answer.headers
    policy = headers.get("content-security-policy", "")
    charset = headers.get("content-type", "").lower().replace(" ", "")
    yield "The Content-Type has no charset=utf-8.", "charset=utf-8" in charset, "Send text/html; charset=utf-8."
    is_nosniff = headers.get("x-content-type-options", "").lower() == "nosniff"
    yield "X-Content-Type-Options is not nosniff.", is_nosniff, "Send X-Content-Type-Options: nosniff."
    yield "There is no Referrer-Policy.", "referrer-policy" in headers, "Send strict-origin-when-cross-origin."
    is_policy = "default-src" in policy or "script-src" in policy
    yield "No Content-Security-Policy restricts scripts.", is_policy, "Send a policy with default-src or script-src."
    is_framed = "frame-ancestors" in policy or "x-frame-options" in headers
    yield "Other sites may show the page in a frame.", is_framed, "Add frame-ancestors to the policy."
    is_short = len(answer.body) < _MIN_COMPRESSED_BYTES
    is_compressed = headers.get("content-encoding", "") == "gzip" or is_short
    yield "The page isn't compressed, although the audit accepts gzip.", is_compressed, "Compress with gzip."
    if is_indexable and "no-store" not in headers.get("cache-control", ""):
        is_validated = bool({"etag", "last-modified"} & headers.keys())
        yield "The page has neither ETag nor Last-Modified.", is_validated, "Send an ETag."
    if is_secure:
        has_hsts = re.search(r"max-age=[1-9]\d{6,}", headers.get("strict-transport-security", ""))
        message = "Strict-Transport-Security is missing, or its max-age is less than 1,000,000 seconds."
        yield message, bool(has_hsts), "Send max-age=31536000."
