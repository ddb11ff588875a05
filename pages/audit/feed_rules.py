"""Rules about feeds, as the W3C's feed validator checks them (https://validator.w3.org/feed/docs/)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element

from .absolute_urls import requested_url
from .fetched_site import FetchedSite
from .finding import Finding
from .xml_parser import UnreadableXml, local_name, parse_xml, text_of

_FEED_TYPES = ("application/atom+xml", "application/rss+xml")
_SERVED_TYPES = (*_FEED_TYPES, "application/xml", "text/xml")


def check_feeds(site: FetchedSite) -> Iterator[Finding]:
    urls = {
        requested_url(url, link.get("href", ""))
        for url, page in site.pages.items()
        for link in page.links_with("alternate")
        if link.get("type", "").lower() in _FEED_TYPES
    }
    for url in sorted(urls & site.answers.keys()):
        answer = site.answers[url]
        if answer.status != 200 or answer.content_type not in _SERVED_TYPES:
            message = f"The feed answers with {answer.what} and the type “{answer.content_type}”."
            yield Finding(url, message, "Answer with 200 and the type application/atom+xml.")
            continue
        try:
            root = parse_xml(answer.body)
        except UnreadableXml as error:
            yield Finding(url, str(error), "Correct the feed.")
            continue
        problems = _atom_problems(root, url) if local_name(root) == "feed" else _rss_problems(root)
        yield from (Finding(url, message, "Correct the feed.") for message in problems)


def _atom_problems(feed: Element, url: str) -> Iterator[str]:
    """Yield a message for each violation of RFC 4287 in an Atom feed."""
    entries = _children(feed, "entry")
    yield from _missing(feed, ("id", "title", "updated"), "The feed")
    own = [link.get("href", "") for link in _children(feed, "link") if link.get("rel") == "self"]
    if own != [url]:
        yield f"The link with rel=“self” is {', '.join(own) or 'missing'}, not {url}."
    for entry in entries:
        name = f"The entry “{text_of(entry, 'title')}”"
        yield from _missing(entry, ("id", "title", "updated"), name)
        relations = [link.get("rel", "alternate") for link in _children(entry, "link")]
        if "alternate" not in relations and not _children(entry, "content"):
            yield f"{name} has neither a link nor content."
        if not _children(entry, "author") and not _children(feed, "author"):
            yield f"{name} has no author, and the feed has none."
    for element in (feed, *entries):
        for time in (text_of(element, name) for name in ("updated", "published")):
            if time and not _is_rfc3339(time):
                yield f"“{time}” is not a time such as 2026-11-29T12:00:00Z."
    yield from _repeated([text_of(entry, "id") for entry in entries])


def _rss_problems(rss: Element) -> Iterator[str]:
    """Yield what the RSS 2.0 specification forbids (https://www.rssboard.org/rss-specification)."""
    channel = next(iter(_children(rss, "channel")), None)
    if local_name(rss) != "rss" or channel is None:
        yield "The document is neither an Atom feed nor RSS 2.0."
        return
    yield from _missing(channel, ("title", "link", "description"), "The channel")
    items = _children(channel, "item")
    for item in items:
        if not text_of(item, "title") and not text_of(item, "description"):
            yield "An item has neither a title nor a description."
        time = text_of(item, "pubDate")
        try:
            parsedate_to_datetime(time or "Sun, 29 Nov 2026 12:00:00 GMT")
        except (ValueError, OverflowError):
            yield f"“{time}” is not a time such as Sun, 29 Nov 2026 12:00:00 GMT."
    yield from _repeated([text_of(item, "guid") for item in items if text_of(item, "guid")])


def _missing(element: Element, names: tuple[str, ...], what: str) -> Iterator[str]:
    yield from (f"{what} has no {name}." for name in names if not text_of(element, name))


def _repeated(ids: list[str]) -> Iterator[str]:
    yield from (f"Several entries have the id {each}." for each, count in Counter(ids).items() if count > 1)


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local_name(child) == name]


def _is_rfc3339(time: str) -> bool:
    try:
        return "T" in time and datetime.fromisoformat(time).tzinfo is not None
    except ValueError:
        return False
