"""What a page shows of others: so that a change makes those pages anew that show something of it, and no others.

Of another page, a page shows its name, address and META, whatever of that it asks Visible for; of its own document,
all.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from ..content.document import Page
from ..repository.visible_pages import ALL_PAGES, FIRST_UNDER, UNDER, VisiblePages


class Fingerprint(NamedTuple):
    """What the answer at a path was made of: `own` whole, and of what is at `keys` that which others show."""

    own: object
    keys: tuple[str, ...]
    shown: int


class Dependencies:
    """Of all pages, in one state of the documents."""

    def __init__(self, found: VisiblePages) -> None:
        self.found = found
        self._site = hash(repr(found.library.site))
        self._shown: dict[str, int] = {}

    def fingerprint(self, path: str, asked: set[str]) -> Fingerprint:
        keys = tuple(sorted(asked - {path}))
        return Fingerprint(self._own(path), keys, self._of(keys))

    def is_fresh(self, path: str, taken: Fingerprint | None) -> bool:
        """Whether they are as they were when the answer at `path` was made."""
        return taken is not None and taken.own is self._own(path) and taken.shown == self._of(taken.keys)

    def _own(self, path: str) -> object:
        """What a path that is no page's shows may be of any document: but a static file is of none."""
        return self.found.page(path) or (None if path.startswith(settings.STATIC_URL) else self.found.library)

    def _of(self, keys: tuple[str, ...]) -> int:
        return hash((self._site, *map(self._at, keys)))

    def _at(self, key: str) -> int:
        shown = self._shown.get(key)
        if shown is None:
            shown = self._shown[key] = hash(tuple(map(_shown, self._pages(key))))
        return shown

    def _pages(self, key: str) -> list[Page]:
        if key == ALL_PAGES:
            return self.found.pages()
        if key.startswith(UNDER):
            return self.found.under(key.removeprefix(UNDER))
        if key.startswith(FIRST_UNDER):
            return self.found.first_under(key.removeprefix(FIRST_UNDER))
        page = self.found.page(key)
        return [page] if page else []


def _shown(page: Page) -> int:
    return hash((page.url, page.name, page.meta))
