"""Which documents does a response depend on? After an edit, only the affected pages are rendered again.

A page depends on its whole document. It shows only the names, URLs, META and teasers of other pages, with two
exceptions: a hub also shows the weights and scores of its pages, and a sample report also shows parts of the role's
text. `VisiblePages.accessed` records these other pages.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from ..content.document import Page
from ..repository.visible_pages import ALL_PAGES, FIRST_UNDER, REPORT_ON, TEXT_OF, UNDER, VisiblePages


class Fingerprint(NamedTuple):
    """The inputs of one response.

    `own` is the page at the response's path; see `Dependencies._own` for paths without a page. `keys` are the keys of
    other pages that were looked up during rendering. `others` is a hash of the parts of these pages that the response
    may show.
    """

    own: object
    keys: tuple[str, ...]
    others: int


class Dependencies:
    """Computes and compares the fingerprints of responses, for one state of the documents."""

    def __init__(self, visible: VisiblePages) -> None:
        self.visible = visible
        self._site_hash = hash(repr(visible.library.site))
        self._hashes: dict[str, int] = {}

    def fingerprint(self, path: str, accessed: set[str]) -> Fingerprint:
        """Return the fingerprint of the response at `path`.

        `accessed` has the keys that were looked up while the response was rendered.
        """
        keys = tuple(sorted(accessed - {path}))
        return Fingerprint(self._own(path), keys, self._hash_of(keys))

    def is_fresh(self, path: str, fingerprint: Fingerprint | None) -> bool:
        """Return whether rendering `path` again would give the same response as when `fingerprint` was taken."""
        return (
            fingerprint is not None
            and fingerprint.own is self._own(path)
            and fingerprint.others == self._hash_of(fingerprint.keys)
        )

    def _own(self, path: str) -> object:
        """Return the page at `path`, or None for a static file.

        Other paths, such as /sitemap.xml, may show any document. For them, return the library.
        """
        return self.visible.page(path) or (None if path.startswith(settings.STATIC_URL) else self.visible.library)

    def _hash_of(self, keys: tuple[str, ...]) -> int:
        return hash((self._site_hash, *map(self._hash_at, keys)))

    def _hash_at(self, key: str) -> int:
        cached = self._hashes.get(key)
        if cached is None:
            hash_one = _hash_text if key.startswith(TEXT_OF) else _hash_row if key.startswith(UNDER) else _hash_page
            cached = self._hashes[key] = hash(tuple(map(hash_one, self._pages(key))))
        return cached

    def _pages(self, key: str) -> list[Page]:
        if key == ALL_PAGES:
            return self.visible.pages()
        if key.startswith(UNDER):
            return self.visible.under(key.removeprefix(UNDER))
        if key.startswith(FIRST_UNDER):
            return self.visible.first_under(key.removeprefix(FIRST_UNDER))
        if key.startswith(REPORT_ON):
            page = self.visible.report_on(key.removeprefix(REPORT_ON))
        else:
            page = self.visible.page(key.removeprefix(TEXT_OF))
        return [page] if page else []


def _hash_page(page: Page) -> int:
    return hash((page.url, page.name, page.meta, page.teaser))


def _hash_row(page: Page) -> int:
    """Hash the parts of a page that are shown in the list of its hub (see `pages.http.hub_list`)."""
    return hash((_hash_page(page), page.weights, page.reported_scores))


def _hash_text(page: Page) -> int:
    return hash(page.digest)
