"""The Atom feed of a hub's articles (RFC 4287)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from ..content.document import Page
from ..content.hub_paths import feed_path
from ..repository.visible_pages import VisiblePages
from ..seo.head_links import feed_title
from .caching import cache_page

# The characters that XML doesn't allow (https://www.w3.org/TR/xml/#charsets).
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_response(request: HttpRequest, visible: VisiblePages, hub: Page) -> HttpResponse:
    """Return the feed of the articles directly under `hub`."""
    feed = HubFeed(visible, hub).get_feed(hub, request)
    response = HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)
    return cache_page(request, response, visible)


class HubFeed(Feed):  # type: ignore[type-arg]  # at runtime, Feed takes no type arguments
    """The newest articles of a hub. Their ids are URLs that start with SITE_URL, whatever host was requested."""

    feed_type = Atom1Feed

    def __init__(self, visible: VisiblePages, hub: Page) -> None:
        self._visible = visible
        self.language = visible.language_of(hub).code

    def title(self, hub: Page) -> str:
        return _xml_text(feed_title(hub, self._visible))

    def subtitle(self, hub: Page) -> str | None:
        return _xml_text(hub.meta.description) or None

    def link(self, hub: Page) -> str:
        return settings.SITE_URL + hub.url

    def feed_url(self, hub: Page) -> str:
        return settings.SITE_URL + feed_path(hub.url)

    def feed_guid(self, hub: Page) -> str:
        return self.feed_url(hub)

    def items(self, hub: Page) -> tuple[Page, ...]:
        return self._visible.feed(hub.url)

    def item_title(self, item: Page) -> str:
        return _xml_text(item.name)

    def item_description(self, item: Page) -> str:
        """Return the summary as HTML, because Atom1Feed declares it as HTML."""
        return escape(_xml_text(item.meta.description or item.teaser))

    def item_link(self, item: Page) -> str:
        return settings.SITE_URL + item.url

    def item_author_name(self, item: Page) -> str:
        return _xml_text(item.meta.author)

    def item_pubdate(self, item: Page) -> datetime | None:
        return _midnight(item.meta.date)

    def item_updateddate(self, item: Page) -> datetime | None:
        return _midnight(item.meta.updated or item.meta.date)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _xml_text(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
