"""Finds the files that are made from pages, and publishes each after the media worker has made it.

Pages never wait for files. Until a new version of a file is made, the site serves the old version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from django.conf import settings

from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..http.file_links import size_text
from ..kits.kit_files import KitFile, hub_of, kit_files
from ..media import artifact_store
from ..repository import current, failed_files
from ..repository.visible_pages import FAILED_FILES, VisiblePages
from .dependencies import Dependencies, Fingerprint
from .manifest import ManifestWriter
from .prerender import Prerenderer


class _Inputs(NamedTuple):
    """Everything that a page's files are made from. If any of it has changed, the files are made again.

    An edit of the document creates a new `page`, which isn't equal to the old one.
    """

    page: Page
    hub_name: str
    words: object
    site_name: str


class FilePublisher:
    """Publishes the files of all visible pages."""

    def __init__(self, manifest: ManifestWriter, prerenderer: Prerenderer) -> None:
        self._manifest = manifest
        self._prerenderer = prerenderer
        self._inputs: dict[str, _Inputs] = {}
        self._files: dict[str, tuple[KitFile, ...]] = {}
        self._by_path: dict[str, KitFile] = {}
        self._changed: set[str] = set()
        # The files that need no more work, because they are published or can't be made. Maps each file's path to the
        # file's key in the artifact store, and to the fingerprint of the file's response.
        self._finished: dict[str, tuple[str, Fingerprint]] = {}

    def publish(self, dependencies: Dependencies, should_interrupt: Callable[[], bool]) -> bool:
        """Publish the files that the media worker has made. Return False if interrupted."""
        if not self._update(dependencies.visible, should_interrupt):
            return False
        for path in self._by_path:
            if not self._is_finished(path, dependencies) and self._size(path) is not None:
                self._publish(path, dependencies)
                if should_interrupt():
                    return False
        failed_files.replace(frozenset(path for path in self._by_path if self._size(path) == 0))
        return True

    def _update(self, visible: VisiblePages, should_interrupt: Callable[[], bool]) -> bool:
        """Find the files of the visible pages. Return False if interrupted.

        Reads only the documents that have changed since the last call.
        """
        pages = {page.url: page for page in visible.pages() if visible.library.makes_files_of(page)}
        for url in self._files.keys() - pages.keys():
            del self._files[url], self._inputs[url]
        inputs = {url: _inputs_of(page, visible) for url, page in pages.items()}
        changed = {url for url in pages if self._inputs.get(url) != inputs[url]}
        self._changed = changed or self._changed
        for url in changed:
            try:
                self._files[url] = tuple(kit_files(visible.library, pages[url], settings.SITE_URL))
            except DocumentRemoved:  # the document was deleted after this library was loaded
                self._files[url] = ()
            self._inputs[url] = inputs[url]
            if should_interrupt():
                return False
        self._by_path = {file.file.path: file for files in self._files.values() for file in files}
        return True

    def _is_finished(self, path: str, dependencies: Dependencies) -> bool:
        url, fingerprint = self._finished.get(path, ("", None))
        is_current = url == self._by_path[path].url and dependencies.is_fresh(path, fingerprint)
        return is_current and (path in self._manifest.entries or self._size(path) == 0)

    def _publish(self, path: str, dependencies: Dependencies) -> None:
        """Publish the file at `path` after it is made. If it can't be made, remove the published version."""
        with current.record_accesses() as accessed:
            response = self._prerenderer.render(path)
        if response:
            times = response.changes_at, response.changed_at
            self._manifest.store(path, response.body, response.headers, (), *times)
        elif self._size(path) == 0:
            if path in self._manifest.entries:
                self._manifest.remove(path)
        else:
            return  # the file is damaged; the media worker makes it again
        self._finished[path] = self._by_path[path].url, dependencies.fingerprint(path, accessed)

    def artifacts(self) -> Iterator[KitFile]:
        yield from self._by_path.values()

    def changed(self) -> Iterator[KitFile]:
        """Yield the files to make first: those of the pages that the latest change affected.

        If the change affected all pages, no file is more urgent than the others, so yield none.
        """
        if self._changed != self._files.keys():
            yield from (file for url in self._changed for file in self._files.get(url, ()))

    def forget(self, path: str) -> None:
        """Make the next call of `publish` publish the file at `path` again, because its stored body is damaged."""
        self._finished.pop(path, None)

    def has_current_sizes(self, fingerprint: Fingerprint) -> bool:
        """Return whether the files still have the sizes that the response with this fingerprint shows.

        A response that lists files leaves out files that can't be made. For such a response, the set of these files
        must also be unchanged.
        """
        failed = failed_files.digest()
        return all(
            size == (failed if path == FAILED_FILES else size_text(self._size(path)))
            for path, size in fingerprint.sizes
        )

    def _size(self, path: str) -> int | None:
        """Return the file's size in bytes: None if it isn't made yet, and 0 if it can't be made."""
        file = self._by_path.get(path)
        return artifact_store.size(file.url) if file else None


def _inputs_of(page: Page, visible: VisiblePages) -> _Inputs:
    library = visible.library
    hub = hub_of(library, page)
    return _Inputs(page, hub.name if hub else "", library.kit_words, library.site.name)


def file_paths(visible: VisiblePages) -> Mapping[str, None]:
    """Return the paths of all files that are made from visible pages."""
    return dict.fromkeys(file.path for page in visible.pages() for file in visible.library.files_of(page))
