"""Finds the files that are made from pages, and publishes each after the media worker has made it.

Pages never wait for files. Until a new version of a file is made, the site serves the old version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from django.conf import settings

from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..kits.kit_files import KitFile, hub_of, kit_files
from ..media import artifact_store
from ..repository.visible_pages import VisiblePages


class _Inputs(NamedTuple):
    """What the files of one page depend on. A changed document gives a new `page`."""

    page: Page
    hub_name: str
    words: object
    site_name: str


class FilePublisher:
    """Knows the files of all visible pages, keyed by path, and which of them are published."""

    def __init__(self) -> None:
        self._inputs: dict[str, _Inputs] = {}
        self._files: dict[str, tuple[KitFile, ...]] = {}
        self._by_path: dict[str, KitFile] = {}
        self._changed: set[str] = set()
        self._published: dict[str, str] = {}

    def update(self, visible: VisiblePages, should_interrupt: Callable[[], bool]) -> bool:
        """Find the files of the visible pages. Return False if interrupted.

        Reads only the documents that have changed since the last call.
        """
        pages = {page.url: page for page in visible.pages() if visible.library.files_of(page)}
        for url in self._files.keys() - pages.keys():
            del self._files[url], self._inputs[url]
        inputs = {url: _inputs_of(page, visible) for url, page in pages.items()}
        changed = {url for url in pages if self._inputs.get(url) != inputs[url]}
        self._changed = changed or self._changed
        for url in changed:
            try:
                self._files[url] = tuple(kit_files(visible.library, pages[url], settings.SITE_URL))
            except DocumentRemoved:  # the next library doesn't have this page
                self._files[url] = ()
            self._inputs[url] = inputs[url]
            if should_interrupt():
                return False
        self._by_path = {file.file.path: file for files in self._files.values() for file in files}
        return True

    def artifacts(self) -> Iterator[KitFile]:
        yield from self._by_path.values()

    def changed(self) -> Iterator[KitFile]:
        """Yield the files of pages that changed last, unless all files are new."""
        if self._changed != self._files.keys():
            yield from (file for url in self._changed for file in self._files.get(url, ()))

    def finished(self) -> Iterator[str]:
        """Yield the paths of files that are made, but not published yet. Each path counts as published after that."""
        for path, file in self._by_path.items():
            if self._published.get(path) != file.url and artifact_store.exists(file.url):
                yield path
                self._published[path] = file.url

    def forget(self, path: str) -> None:
        """Publish the file at `path` again, because its stored body is damaged."""
        self._published.pop(path, None)

    def size(self, path: str) -> int:
        """Return the size in bytes of the file at `path`, or 0 if it isn't made yet."""
        file = self._by_path.get(path)
        return artifact_store.size(file.url) if file else 0


def _inputs_of(page: Page, visible: VisiblePages) -> _Inputs:
    library = visible.library
    hub = hub_of(library, page)
    return _Inputs(page, hub.name if hub else "", library.kit_words, library.site.name)


def file_paths(visible: VisiblePages) -> Mapping[str, None]:
    """Return the paths of all files that are made from visible pages."""
    return dict.fromkeys(file.path for page in visible.pages() for file in visible.library.files_of(page))
