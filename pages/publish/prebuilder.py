"""The prebuilder: renders responses for the next planned change in advance, for example before a banner appears.

At the time of the change, the manifest's readers switch to all these responses at once. So a banner appears on 10,000
pages within a second, although rendering these pages takes minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from .. import clock
from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..kits.kit_files import kit_files
from ..media.artifacts import Artifact
from ..media.social_cards import card_of
from ..repository import current
from ..repository.visible_pages import VisiblePages
from .dependencies import Dependencies, Fingerprint
from .file_publisher import file_paths
from .manifest import ManifestWriter
from .prerender import Prerenderer, public_paths, query_parameters
from .watcher import change_times


class Prebuilder:
    """Renders responses as they will be after the next planned change. Stores them as the manifest's upcoming entries.

    `artifacts` has the social card and the files of each page that will go live with this change. The publisher makes
    these artifacts before the page goes live.
    """

    def __init__(self, manifest: ManifestWriter, prerenderer: Prerenderer) -> None:
        self._manifest = manifest
        self._prerenderer = prerenderer
        self._fingerprints: dict[str, Fingerprint] = {}
        self.artifacts: dict[str, tuple[Artifact, ...]] = {}

    def prebuild(
        self, visible: VisiblePages, fingerprints: dict[str, Fingerprint], should_interrupt: Callable[[], bool]
    ) -> bool:
        """Render the responses that will differ after the next planned change, such as the end of a banner.

        Return False if interrupted, or if no change is planned. `fingerprints` are the fingerprints of the current
        responses. These responses must be up to date with `visible`.
        """
        time = min((time for time in change_times(visible.library) if time > visible.now), default=None)
        if (time and time.timestamp()) != self._manifest.change_at:
            self._manifest.expect_change(time.timestamp() if time else None)
            self._fingerprints.clear()
            self.artifacts.clear()
        if time is None:
            return False
        after = replace(visible, now=time, changes=set())
        dependencies = Dependencies(after)
        new = {page.url: page for page in after.pages() if not page.meta.is_published(visible.now)}
        paths = dict.fromkeys((*new, *public_paths(after)))  # new pages first
        upcoming = self._manifest.upcoming
        for path in (self._manifest.entries.keys() | upcoming.keys()) - paths.keys() - file_paths(after).keys():
            if upcoming.get(path, self) is not None:
                self._manifest.put_upcoming(path, None)
        for path in paths:
            is_dropped = upcoming.get(path, self) is None  # dropped because the current response changed
            is_prebuilt = not is_dropped and dependencies.is_fresh(path, self._fingerprints.get(path))
            stays = path not in upcoming and dependencies.is_fresh(path, fingerprints.get(path))
            if not is_prebuilt and not stays:
                self._render(path, dependencies)
                if path in new:
                    self.artifacts[path] = _artifacts_of(new[path], after)
            if should_interrupt():
                return False
        return True

    def _render(self, path: str, dependencies: Dependencies) -> None:
        visible = dependencies.visible
        with clock.fixed_at(visible.now), current.record_accesses() as accessed:
            response = self._prerenderer.render(path)
        self._fingerprints[path] = dependencies.fingerprint(path, accessed)
        if response:
            parameters = query_parameters(visible, path)
            times = response.changes_at, response.changed_at
            self._manifest.store(path, response.body, response.headers, parameters, *times, is_upcoming=True)
        elif path in self._manifest.entries or self._manifest.upcoming.get(path):
            self._manifest.put_upcoming(path, None)

    def apply_due_change(self, now: datetime, fingerprints: dict[str, Fingerprint]) -> None:
        """Replace current responses with prebuilt ones if the change is due at `now`. Update `fingerprints`."""
        manifest = self._manifest
        if manifest.change_at is None or now.timestamp() < manifest.change_at:
            return
        fingerprints.update(self._fingerprints)
        for path, entry in manifest.upcoming.items():
            if entry is None or path not in self._fingerprints:
                fingerprints.pop(path, None)
        self._fingerprints = {}
        self.artifacts = {}
        manifest.apply_change()


def _artifacts_of(page: Page, visible: VisiblePages) -> tuple[Artifact, ...]:
    library = visible.library
    card = card_of(page, library.site.name)
    try:
        return (card, *kit_files(library, page, settings.SITE_URL)) if library.makes_files_of(page) else (card,)
    except DocumentRemoved:  # the document was deleted after this library was loaded
        return (card,)
