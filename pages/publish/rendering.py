"""Renders the response at a path, stores its body, and finds what else the publisher needs to know about the page."""

from __future__ import annotations

from typing import NamedTuple

from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..media.social_cards import SocialCard, card_of
from ..repository import current
from ..repository.visible_pages import VisiblePages
from ..search import index
from .manifest_entry import Entry, store_response
from .prerender import Prerenderer, query_parameters


class Rendered(NamedTuple):
    """The result of `render`. `entry` is the manifest's entry for the stored response.

    `entry` is None for an error, or if visitors get different responses. `is_new` is False if the path had the same
    entry before. `accessed` has the keys that were looked up in `VisiblePages` during rendering, such as URLs of pages.
    `card` is the social card of the page at `path`, and `row` is the page's row in the search index. If no page is at
    `path`, both are None. If the page isn't searchable, `row` is None.
    """

    path: str
    accessed: set[str]
    entry: Entry | None
    is_new: bool
    card: SocialCard | None
    row: index.PageRow | None


def render(
    prerenderer: Prerenderer, visible: VisiblePages, path: str, existing: Entry | None, *, is_quick: bool
) -> Rendered | None:
    """Render the response at `path`, and store its body. With `is_quick`, compress a new body quickly.

    `existing` is the path's entry in the manifest. Return None if the document was deleted, or if it is being saved.
    Visitors then get the published response until the publisher has read the documents again.
    """
    page = visible.page(path)
    if page and _is_outdated(page, is_published=existing is not None):
        return None
    with current.record_accesses() as accessed:
        response = prerenderer.render(path)
    entry = card = row = None
    if response:
        values = (response.headers, query_parameters(visible, path), response.changes_at, response.changed_at)
        entry = store_response(existing, response.body, *values, is_quick=is_quick)
    if page:
        card = card_of(page, visible.library.site.name)
        row = None if page.meta.keeps_out_search_engines else index.row_of(page)
    return Rendered(path, accessed, entry, entry is not existing, card, row)


def _is_outdated(page: Page, *, is_published: bool) -> bool:
    """Return True if the document was deleted after `page` was read.

    For a published page, also return True if the document's text has changed since: a program may still be saving the
    document, so the new text may be incomplete.
    """
    try:
        return page.full.digest != page.digest and is_published
    except DocumentRemoved:
        return True
