"""The publisher: keeps the manifest up to date with the documents. One process runs the publisher for all workers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from ..content.library import Library
from ..content.markdown_paths import markdown_path
from ..http.llms_full import PATH
from ..media.artifacts import Artifact
from ..media.image_encoding import image_artifacts
from ..media.social_cards import SocialCard
from ..repository import snapshot
from ..repository.visible_pages import VisiblePages
from . import llms_full_publisher, release
from .dependencies import Dependencies, Fingerprint
from .file_publisher import FilePublisher, file_paths
from .file_watch import FileWatch
from .manifest import ManifestWriter
from .parallel_rendering import PARALLEL_RESPONSES, render_in_pool
from .pending_requests import PendingRequests
from .prebuilder import Prebuilder
from .prerender import Prerenderer, public_paths
from .progress import Progress
from .recompression import Recompressor
from .rendering import Rendered, render
from .search_index_writer import SearchIndexWriter
from .worker_pool import WorkerPool

logger = logging.getLogger(__name__)

# A build of up to this many responses (500 pages as HTML and Markdown) uses the best compression, which takes about a
# minute. A larger build compresses responses quickly, and compresses them again later (see `recompression`).
LARGE_BUILD_RESPONSES = 1_000


class Publisher:
    """Publishes the visible pages. Calls `should_interrupt` repeatedly, and stops publishing if it returns True.

    `previous` is the library from which the manifest was written, or None if this library is unknown. `report` is
    called with the progress of a long build, every few seconds. In a large build, the processes of `pool` render the
    pages.
    """

    def __init__(
        self,
        should_interrupt: Callable[[], bool] = lambda: False,
        previous: Library | None = None,
        report: Callable[[str], object] = logger.info,
        pool: WorkerPool | None = None,
    ) -> None:
        self._should_interrupt = should_interrupt
        self._report = report
        self._pool = pool
        self._prerenderer = Prerenderer()
        self._fingerprints: dict[str, Fingerprint] = {}
        self._has_damaged_bodies = False
        self._cards: dict[str, SocialCard] = {}
        self._previous_library = previous
        self._is_first = True
        self._snapshot_library: Library | None = None
        self.manifest = ManifestWriter(release.manifest_path())
        self._file_publisher = FilePublisher(self.manifest, self._prerenderer)
        self._prebuilder = Prebuilder(self.manifest, self._prerenderer)
        self._recompressor = Recompressor(self.manifest)
        self._snapshot_watch = FileWatch(release.snapshot_path())
        self._search_index = SearchIndexWriter(release.search_index_path())
        self._pending_requests = PendingRequests(release.pending_requests_path())

    def find_damage(self) -> bool:
        """Return True if the next `publish` has to repair a file. Call this only after `publish` has returned True.

        Files need repair if another program has changed them, or if workers report that stored bodies are damaged.
        """
        self._find_damaged_bodies(self._pending_requests.pop_all())
        return (
            self._has_damaged_bodies
            or not self.manifest.is_intact()
            or self._snapshot_watch.is_changed()
            or self._search_index.is_changed()
        )

    def _find_damaged_bodies(self, requested: Iterable[str]) -> None:
        """Record which requested pages have to be rendered again because a stored body is damaged or missing."""
        for path in self.manifest.entries.keys() & set(requested):
            if not self.manifest.entries[path].is_stored():
                logger.error("a stored response body of %s is damaged or missing: it is written again", path)
                self._fingerprints.pop(path, None)
                self._file_publisher.forget(path)
                self._has_damaged_bodies = True

    def _repair(self) -> None:
        self._has_damaged_bodies = False  # they are stored again when their pages are rendered
        self.manifest.repair()
        if self._snapshot_watch.is_changed():
            logger.error("the snapshot was changed by another program: it is written again")
            self._snapshot_library = None
        if self._search_index.repair():
            self._fingerprints.clear()  # rendering a page also adds the page to the index

    def publish(self, visible: VisiblePages) -> bool:
        """Repair damaged files, and bring the manifest up to date with `visible`. Return False if interrupted.

        Changed pages are rendered first, then the pages that depend on them. Responses that are up to date aren't
        rendered again. If a rendered response is identical to the stored one, it is neither compressed nor written.
        In a large build, new responses are compressed quickly. `recompress_next` compresses them again.
        """
        self._repair()
        self._prebuilder.apply_due_change(visible.now, self._fingerprints)
        changed_paths = list(self._changed_paths(visible.library))
        changed = list(filter(visible.page, changed_paths))
        paths = dict.fromkeys(public_paths(visible))
        outdated = self._outdated_paths(visible.library, changed_paths)
        kept = paths.keys() | file_paths(visible).keys() | {PATH}
        for path in self.manifest.entries.keys() - kept | outdated:
            self.manifest.remove(path)
        previous, self._previous_library = self._previous_library, visible.library
        dependencies = Dependencies(visible)
        if previous is None or previous.pictures != visible.library.pictures:
            # Workers must know about a new image before a page refers to it.
            self._write_snapshot(visible.library, lambda: False)
        stale = [path for path in paths if not dependencies.is_fresh(path, self._fingerprints.get(path))]
        self.manifest.compresses_quickly = len(stale) > LARGE_BUILD_RESPONSES
        for path in changed[:PARALLEL_RESPONSES]:
            self._render(path, dependencies)
        self._search_index.flush()
        if not self._write_snapshot(visible.library, self._should_interrupt):
            return False
        self._search_index.update(visible, set(self._fingerprints))
        pages = sum(visible.page(path) is not None for path in stale)
        progress = Progress(self._report, "Published {} of {} pages", pages)
        for rendered in self._render_all(stale, paths, dependencies):
            if rendered:
                self._publish(rendered, dependencies)
            if rendered and visible.page(rendered.path):
                progress.advance()
            if self._should_interrupt():
                self._search_index.flush()
                return False
        if self._pool:
            self._pool.close()
        llms_full_publisher.publish(self.manifest, visible)
        self._search_index.set_complete()
        self._recompressor.find_paths()
        are_files_published = self._file_publisher.publish(dependencies, self._should_interrupt)
        are_sizes_published = are_files_published and self._publish_sizes(paths, dependencies)
        self._search_index.flush()
        return are_sizes_published

    def recompress_next(self) -> bool:
        """Compress one response again, with the best quality. Return False if none is left to compress again."""
        return self._recompressor.run_once()

    def prebuild(self, visible: VisiblePages) -> bool:
        """Render the responses that will differ after the next planned change. See `Prebuilder.prebuild`."""
        return self._prebuilder.prebuild(visible, self._fingerprints, self._should_interrupt)

    def _publish_sizes(self, paths: Iterable[str], dependencies: Dependencies) -> bool:
        """If a file's size has changed, render the pages again that show the size. Return False if interrupted."""
        for path in paths:
            fingerprint = self._fingerprints.get(path)
            if fingerprint and not self._file_publisher.has_current_sizes(fingerprint):
                self._render(path, dependencies)
                if self._should_interrupt():
                    return False
        return True

    def _outdated_paths(self, library: Library, changed: Iterable[str]) -> AbstractSet[str]:
        """On the first call, return the stored paths whose documents may have changed while no publisher ran.

        Any later call returns no paths.
        `publish` must remove these paths from the manifest before it writes the new snapshot. Otherwise, a worker with
        the new snapshot would serve the old responses.
        """
        is_first, self._is_first = self._is_first, False
        published, previous = self.manifest.entries.keys() | self.manifest.upcoming.keys(), self._previous_library
        if not is_first:
            return frozenset()
        if not previous or previous.site != library.site:
            return published
        return published & {path for url in changed for path in (url, markdown_path(url))}

    def _pending_first(self, stale: Iterable[str], paths: Mapping[str, None]) -> Iterator[str]:
        """Yield the `stale` paths. Before each stale path, yield the paths of the pending requests.

        Skip pending requests whose path isn't in `paths`.
        """
        for path in stale:
            pending = self._pending_requests.pop_all()
            self._find_damaged_bodies(pending)
            yield from filter(paths.__contains__, pending)
            yield path

    def _write_snapshot(self, library: Library, should_interrupt: Callable[[], bool]) -> bool:
        """Write the snapshot, unless it has been written for this library before. Return False if interrupted.

        Writing 10,000 documents takes a third of a second.
        """
        if self._snapshot_library is not library and snapshot.write(release.snapshot_path(), library, should_interrupt):
            self._snapshot_library = library
            self._snapshot_watch.accept()
        return self._snapshot_library is library

    def _changed_paths(self, library: Library) -> Iterator[str]:
        """Yield the URLs of changed pages.

        For the first library, and after a change to the site settings, yield nothing: all pages are rendered anyway.
        """
        previous = self._previous_library
        if previous is not None and previous.site == library.site:
            yield from (url for url, page in library.pages.items() if previous.pages.get(url) is not page)

    def _render_all(
        self, stale: list[str], paths: Mapping[str, None], dependencies: Dependencies
    ) -> Iterator[Rendered | None]:
        """Render the `stale` paths, and yield the results. While waiting, yield None, so that the caller can stop."""

        def outdated() -> Iterator[str]:
            for path in self._pending_first(stale, paths):
                if not dependencies.is_fresh(path, self._fingerprints.get(path)):
                    yield path

        if self._pool and len(stale) > PARALLEL_RESPONSES:
            yield from render_in_pool(self._pool, outdated(), self.manifest)
        for path in outdated():  # all paths, or the ones left after a process of the pool has failed
            yield self._render_one(path, dependencies)

    def _render_one(self, path: str, dependencies: Dependencies) -> Rendered | None:
        existing, is_quick = self.manifest.entries.get(path), self.manifest.compresses_quickly
        return render(self._prerenderer, dependencies.visible, path, existing, is_quick=is_quick)

    def _render(self, path: str, dependencies: Dependencies) -> None:
        if rendered := self._render_one(path, dependencies):
            self._publish(rendered, dependencies)

    def _publish(self, rendered: Rendered, dependencies: Dependencies) -> None:
        path = rendered.path
        self._fingerprints[path] = dependencies.fingerprint(path, rendered.accessed)
        if rendered.card:
            self._cards[path] = rendered.card
        if rendered.row:
            self._search_index.put(rendered.row)
        if rendered.entry and rendered.is_new:
            self.manifest.put(path, rendered.entry)
        elif not rendered.entry and path in self.manifest.entries:
            self.manifest.remove(path)

    def artifacts(self, visible: VisiblePages) -> Mapping[str, Artifact]:
        """Return the images, social cards and files of the published and the upcoming pages, keyed by URL."""
        cards = (self._cards[page.url] for page in visible.pages() if page.url in self._cards)
        files, prebuilt = self._file_publisher, self._prebuilder.artifacts.values()
        artifacts: list[Artifact] = [*files.changed(), *image_artifacts(visible.library), *cards, *files.artifacts()]
        artifacts += (artifact for artifacts in prebuilt for artifact in artifacts)
        return {artifact.url: artifact for artifact in artifacts}

    def close(self) -> None:
        self.manifest.close()
        self._search_index.close()
