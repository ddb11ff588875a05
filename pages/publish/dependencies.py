"""Which documents does a response depend on? After an edit, only the affected pages are rendered again.

A page depends on its whole document. It shows only the names, URLs, META and teasers of other pages, with two
exceptions: a hub also shows the weights and scores of its pages, and a sample report also shows parts of the role's
text. `VisiblePages.accessed` records these other pages. A page also depends on whether the targets of its links are
live, because a link to a page that isn't live is shown as text. Each page of an article list depends only on the
articles that it shows, and on the number of pages in the list.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from ..content import hub_paths
from ..content.document import Page
from ..content.markdown_paths import page_path
from ..http.file_links import size_text
from ..repository.visible_pages import (
    ALIAS,
    ALL_PAGES,
    ARTICLES,
    BANNER_ON,
    FEED,
    FILE_AT,
    FIRST_UNDER,
    HAS_FEED,
    KIT_WORDS,
    LINK_TO,
    OTHERS_UNDER,
    REPORT_ON,
    SIZE_OF,
    TEXT_OF,
    UNDER,
    VERSIONS_OF,
    VisiblePages,
)


class Fingerprint(NamedTuple):
    """The inputs of one response.

    `own` is the page at the response's path; see `Dependencies._own` for paths without a page. `keys` are the keys of
    all other data that was looked up during rendering, such as the URLs of pages. `others` is a hash of the parts of
    this data that responses can show. For most pages, these parts are the URL, name, META and teaser.

    Redirects can depend on the query string: `parameters` are the names of the query parameters in the redirects of
    the path.

    The site makes some files from pages. If the response shows such a file's size, `sizes` has the file's path and its
    size. If the response lists such files, `sizes` also has FAILED_FILES.
    """

    own: object
    keys: tuple[str, ...]
    others: int
    sizes: tuple[tuple[str, str], ...]
    parameters: tuple[str, ...]


class Dependencies:
    """Computes the fingerprints of responses, and compares them with earlier fingerprints. `visible` has the pages."""

    def __init__(self, visible: VisiblePages) -> None:
        self.visible = visible
        self._site_hash = hash(repr(visible.library.site))
        self._hashes: dict[str, int] = {}

    def fingerprint(self, path: str, accessed: set[str]) -> Fingerprint:
        """Return the fingerprint of the response at `path`.

        `accessed` has the keys that were looked up in `visible` while the response was rendered, such as URLs of pages.
        """
        shown = sorted(key.removeprefix(SIZE_OF).partition("/") for key in accessed if key.startswith(SIZE_OF))
        keys = tuple(sorted(key for key in accessed - {path} if not key.startswith(SIZE_OF)))
        sizes = tuple((slash + path, size) for size, slash, path in shown)
        parameters = self.visible.library.redirects.parameters(path)
        return Fingerprint(self._own(path), keys, self._hash_of(keys), sizes, parameters)

    def is_fresh(self, path: str, fingerprint: Fingerprint | None) -> bool:
        """Return False if the inputs of the response at `path` have changed since `fingerprint` was computed.

        Ignore changed sizes of files that are made from pages: `file_publisher` checks these sizes.
        """
        return (
            fingerprint is not None
            and fingerprint.own is self._own(path)
            and fingerprint.parameters == self.visible.library.redirects.parameters(path)
            and fingerprint.others == self._hash_of(fingerprint.keys)
        )

    def _own(self, path: str) -> object:
        """Return the page at `path`, or the page from which the file at `path` is made. Return None for a static file.

        For a page's Markdown version, return the page. For a hub's feed, and for page 2 and later of its article list,
        return the hub.
        Other paths, such as /sitemap.xml, may show any document. For these paths, return the library.
        """
        if page := self.visible.page(path):
            return page
        if url := page_path(path):
            return self._own(url)
        hub_path = hub_paths.parse(path)
        if hub_path and (page := self.visible.page(hub_path.hub)):
            return page
        made = self.visible.page_with_file(path)
        return made[0] if made else None if path.startswith(settings.STATIC_URL) else self.visible.library

    def _hash_of(self, keys: tuple[str, ...]) -> int:
        return hash((self._site_hash, *map(self._hash_at, keys)))

    def _hash_at(self, key: str) -> int:
        cached = self._hashes.get(key)
        if cached is None:
            # Also hash the time when the lookup's result will change, because caches may keep the response until then.
            self.visible.changes.clear()
            value = self._compute_hash(key)
            cached = self._hashes[key] = hash((value, self.visible.changes_at))
        return cached

    def _compute_hash(self, key: str) -> int:
        if key == KIT_WORDS:
            return hash(repr(self.visible.kit_words))
        if key.startswith(BANNER_ON):
            banner = self.visible.banner(key.removeprefix(BANNER_ON))
            return hash(banner and banner.html)
        if key.startswith(FILE_AT):
            path = key.removeprefix(FILE_AT)
            return hash((self.visible.page_with_file(path) is None, size_text(self.visible.file_size(path))))
        if key.startswith(LINK_TO):
            return hash(self.visible.is_hidden(key.removeprefix(LINK_TO)))
        if key.startswith(HAS_FEED):
            return hash(self.visible.has_feed(key.removeprefix(HAS_FEED)))
        if key.startswith(ARTICLES):
            number, _, url = key.removeprefix(ARTICLES).partition(" ")
            articles = self.visible.article_list(url, int(number))
            return hash((articles.count, *map(_hash_page, articles.pages)))
        has_rows = key.startswith((UNDER, OTHERS_UNDER))
        hash_one = _hash_text if key.startswith(TEXT_OF) else _hash_row if has_rows else _hash_page
        return hash(tuple(map(hash_one, self._pages(key))))

    def _pages(self, key: str) -> list[Page]:
        if key == ALL_PAGES:
            return self.visible.pages()
        if key.startswith(UNDER):
            return self.visible.under(key.removeprefix(UNDER))
        if key.startswith(OTHERS_UNDER):
            return self.visible.others_under(key.removeprefix(OTHERS_UNDER))
        if key.startswith(FEED):
            return list(self.visible.feed(key.removeprefix(FEED)))
        if key.startswith(FIRST_UNDER):
            return self.visible.first_under(key.removeprefix(FIRST_UNDER))
        if key.startswith(VERSIONS_OF):
            return self.visible.versions_of(key.removeprefix(VERSIONS_OF))
        if key.startswith(ALIAS):
            page = self.visible.page_at(key.removeprefix(ALIAS))
        elif key.startswith(REPORT_ON):
            page = self.visible.report_on(key.removeprefix(REPORT_ON))
        else:
            page = self.visible.page(key.removeprefix(TEXT_OF))
        return [page] if page else []


def _hash_page(page: Page) -> int:
    return hash((page.url, page.name, page.meta, page.teaser))


def _hash_row(page: Page) -> int:
    """Return a hash of what the list on a hub shows about the page (see `pages.http.hub_list`)."""
    return hash((_hash_page(page), page.weights, page.reported_scores, page.files))


def _hash_text(page: Page) -> int:
    return hash(page.digest)
