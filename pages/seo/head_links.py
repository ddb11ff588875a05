"""Links in a page's `<head>`: to the feed of a hub's articles, and to the next and previous page of the hub's list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.feedgenerator import Atom1Feed

from ..content.document import Page
from ..content.hub_paths import feed_path, list_path
from ..content.url_paths import parent_url
from ..repository.visible_pages import VisiblePages

FEED_TYPE = Atom1Feed.content_type.partition(";")[0]


@dataclass(frozen=True)
class HeadLink:
    """A tag such as `<link rel="next" href="…">`. `type` and `title` may be empty."""

    rel: str
    href: str
    type: str = ""
    title: str = ""


def head_links(page: Page, visible: VisiblePages, site_url: str) -> Iterator[HeadLink]:
    """Yield the links in the head of `page`, which may be a hub, an article or neither."""
    yield from list_links(page, 1, visible, site_url)
    hub = visible.page(parent_url(page.url)) if page.meta.is_article else None
    if hub:
        yield from _feed_link(hub, visible, site_url)


def list_links(hub: Page, number: int, visible: VisiblePages, site_url: str) -> Iterator[HeadLink]:
    """Yield the `<head>` links for page `number` in a hub's list of articles."""
    count = visible.article_list(hub.url, number).count if hub.lists_itself else 1
    if number > 1:
        yield HeadLink("prev", site_url + list_path(hub.url, number - 1))
    if number < count:
        yield HeadLink("next", site_url + list_path(hub.url, number + 1))
    yield from _feed_link(hub, visible, site_url)


def feed_title(hub: Page, visible: VisiblePages) -> str:
    """Return the title of a hub's feed. Feed readers show this title beside the titles of other sites' feeds."""
    return f"{visible.library.site.name}: {hub.name}"


def _feed_link(hub: Page, visible: VisiblePages, site_url: str) -> Iterator[HeadLink]:
    if visible.has_feed(hub.url):
        yield HeadLink("alternate", site_url + feed_path(hub.url), FEED_TYPE, feed_title(hub, visible))
