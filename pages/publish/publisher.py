"""Keeps the table of what is published as the documents are. One process at a time does, for all workers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from shutil import rmtree
from time import monotonic, sleep

from django.conf import settings

from ..content.library import Library
from ..http.caching import digest
from ..media import artifact_store
from ..media.artifacts import Artifact
from ..media.image_encoding import image_artifacts
from ..media.social_cards import SocialCard, card_of
from ..media.worker import MediaWorker
from ..repository import current, snapshot
from ..repository.visible_pages import VisiblePages
from ..search import index
from . import release
from .compression import compress
from .content_status import ContentStatusWriter
from .dependencies import Dependencies, Fingerprint
from .manifest import Entry, ManifestReader, ManifestWriter, body_address
from .pending_requests import PendingRequests
from .prerender import PrerenderedResponse, Prerenderer, public_paths, reads_query
from .watcher import Watcher

logger = logging.getLogger(__name__)

TURN = 0.05  # seconds of rest while there is nothing to do
SWEEPING = 3600  # seconds between two looks for what nobody needs any more
LATER, SHARE = 5, 3  # seconds until what failed is tried again; or so many times as long as that took


class Publisher:
    """`interrupts` is asked now and then while there is much to do: whether something else has to be done first."""

    def __init__(self, interrupts: Callable[[], bool] = lambda: False) -> None:
        self._interrupts = interrupts
        self._django = Prerenderer()
        self._taken: dict[str, Fingerprint] = {}
        self._cards: dict[str, SocialCard] = {}
        self._before: Library | None = None
        self._written: Library | None = None
        self.table = ManifestWriter(release.manifest_path())
        self._words = index.open_for_writing(release.search_index_path())
        self._asks = PendingRequests(release.pending_requests_path())

    def publish(self, found: VisiblePages) -> bool:
        """Brings the table to what `found` shows: what changed itself first, then what shows something of that. What
        would be the same is not asked for again, and what is the same is neither compressed nor written. Whether all
        is done."""
        changed = [path for path in self._changed(found.library) if found.page(path)]
        before, self._before = self._before, found.library
        surroundings = Dependencies(found)
        if before is None or before.pictures != found.library.pictures:
            self._write_catalog(found.library, lambda: False)  # before a page names an image that nobody there knows
        for path in changed:
            self._make(path, surroundings)
        wanted = dict.fromkeys(public_paths(found))
        for path in self.table.entries.keys() - wanted.keys():
            self.table.remove(path)
        if not self._write_catalog(found.library, self._interrupts):
            return False
        with self._words:
            for path in index.urls(self._words) - wanted.keys():
                index.remove(self._words, path)
        for path in self._pending_first(wanted):
            if not surroundings.is_fresh(path, self._taken.get(path)):
                self._make(path, surroundings)
                if self._interrupts():
                    return False
        return True

    def _pending_first(self, wanted: Mapping[str, None]) -> Iterator[str]:
        """All of `wanted`, before each what visitors ask for meanwhile."""
        for path in wanted:
            yield from (asked for asked in self._asks.take() if asked in wanted)
            yield path

    def _write_catalog(self, found: Library, interrupts: Callable[[], bool]) -> bool:
        """Once for each library: of ten thousand documents it takes a third of a second. Whether it stands there."""
        if self._written is not found and snapshot.write(release.snapshot_path(), found, interrupts):
            self._written = found
        return self._written is found

    def _changed(self, found: Library) -> Iterator[str]:
        """The pages that are not what they were; not those of the first library, which all are new."""
        before = self._before
        if before is not None and before.site == found.site:
            yield from (url for url, page in found.pages.items() if before.pages.get(url) is not page)

    def _make(self, path: str, surroundings: Dependencies) -> None:
        with current.record_accesses() as asked:
            answer = self._django.answer(path)
        self._taken[path] = surroundings.fingerprint(path, asked)
        if page := surroundings.found.page(path):
            self._cards[path] = card_of(page, surroundings.found.library.site.name)
            with self._words:
                index.put(self._words, page)
        if answer:
            self._put(path, answer, reads_query(surroundings.found, path))
        elif path in self.table.entries:
            self.table.remove(path)

    def _put(self, path: str, answer: PrerenderedResponse, reads_query: bool) -> None:
        name, known = digest(answer.body), self.table.entries.get(path)
        headers = answer.headers
        if "vary" not in dict(headers):  # else a cache could give what it has to someone who takes no such coding
            headers = (*headers, ("vary", "Accept-Encoding"))
        if not known or (known.digest, known.headers, known.reads_query) != (name, headers, reads_query):
            self.table.put(path, Entry(name, _stored(name, answer.body), headers, reads_query))

    def media(self, found: VisiblePages) -> Mapping[str, Artifact]:
        """The images and cards of all that is published, by address."""
        cards = (self._cards[page.url] for page in found.pages() if page.url in self._cards)
        made: list[Artifact] = [*image_artifacts(found.library), *cards]
        return {each.address: each for each in made}

    def close(self) -> None:
        self.table.close()
        self._words.close()


def run(*, reload: bool) -> None:
    """Publishes, and again whenever a page's time comes or, with `reload`, a document changes. Never returns. What a
    full disk or the like broke off is begun anew until it ends well, and told of once."""
    current.start_from(snapshot.read(release.snapshot_path()))
    watch = Watcher(settings.CONTENT_DIR, reload=reload)
    current.refresh()
    media, tally = MediaWorker(), ContentStatusWriter(release.content_status_path())
    publisher: Publisher | None = None
    failed, next_sweep = False, 0.0
    while True:
        found, begun = current.visible_pages(), monotonic()
        watch.begin(found)
        tally.begin(found.library)
        try:
            publisher = publisher or Publisher(watch.has_changes)
            if publisher.publish(found):
                if monotonic() >= next_sweep:
                    sweep()
                    next_sweep = monotonic() + SWEEPING
                media.make(publisher.media(found))
                tally.end()
            failed = False
        except Exception:
            if not failed:
                logger.exception("publishing stopped, and is tried again until it ends well")
            failed = True
            if publisher:
                publisher.close()
            publisher = None
        again = monotonic() + max(LATER, SHARE * (monotonic() - begun))
        while not watch.has_changes() and not (failed and monotonic() > again):
            sleep(TURN)
        watch.take()
        if reload:
            current.refresh()


def sweep() -> None:
    """Removes the tables of releases that nobody goes back to any more, and bodies that no table names."""
    named: set[str] = set()
    for path in release.folder().parent.glob("*/manifest"):
        if path.parent != release.folder() and artifact_store.is_old(path) and not _is_in_use(path.with_name("lock")):
            rmtree(path.parent)
        else:
            with closing(ManifestReader(path)) as table:
                table.look()
                named.update(entry.digest for entry in table.entries.values())
    for path in (settings.BUILD_DIR / "pages").glob("*/*"):
        if path.name.rpartition("-")[0] not in named and artifact_store.is_old(path):
            path.unlink(missing_ok=True)


def _is_in_use(lock: Path) -> bool:
    try:
        with lock.open("w") as file:
            flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _stored(name: str, body: bytes) -> dict[str, int]:
    """The sizes of `body` by coding, each of which stands in the store afterwards."""
    made = compress(body)
    for coding, data in made.items():
        artifact_store.write(body_address(name, coding), data)
    return {coding: len(data) for coding, data in made.items()}
