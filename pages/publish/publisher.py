"""Keeps the table of what is published as the documents are. One process at a time does, for all workers."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from time import sleep

from django.conf import settings

from .. import site
from ..caching import digest
from ..site import Visible
from . import release, store
from .answers import Answer, Django, addresses, reads_query
from .encodings import encoded
from .table import Entry, Following, Writing, body_address

logger = logging.getLogger(__name__)

PAUSE = 0.25  # seconds between two looks at the documents


def release_folder() -> Path:
    """Where the table of this release stands, and the lock of whoever writes it: what another release would answer is
    not in it."""
    folder: Path = settings.BUILD_DIR
    return folder / "tables" / release.fingerprint()


def table_path() -> Path:
    return release_folder() / "table"


def lock_path() -> Path:
    return release_folder() / "lock"


class Publisher:
    def __init__(self) -> None:
        self._django = Django()
        self.table = Writing(table_path())

    def publish(self, found: Visible) -> None:
        """Brings the table to what `found` shows. What stays the same is neither compressed nor written again."""
        wanted = dict.fromkeys(addresses(found))
        for path in self.table.entries.keys() - wanted.keys():
            self.table.remove(path)
        for path in wanted:
            answer = self._django.answer(path)
            if answer:
                self._put(path, answer, reads_query(found, path))
            elif path in self.table.entries:
                self.table.remove(path)

    def _put(self, path: str, answer: Answer, reads_query: bool) -> None:
        name, known = digest(answer.body), self.table.entries.get(path)
        headers = answer.headers
        if "vary" not in dict(headers):  # else a cache could give what it has to someone who takes no such coding
            headers = (*headers, ("vary", "Accept-Encoding"))
        if not known or (known.digest, known.headers, known.reads_query) != (name, headers, reads_query):
            self.table.put(path, Entry(name, _stored(name, answer.body), headers, reads_query))

    def close(self) -> None:
        self.table.close()

    def follow(self, *, reload: bool) -> None:
        """Publishes, and again whenever a page's time comes or, with `reload`, a document changes. Never returns."""
        while True:
            found = site.visible()
            try:
                self.publish(found)
                sweep()
            except Exception:  # the next change may mend it
                logger.exception("publishing stopped")
            _wait(found, reload=reload)


def sweep() -> None:
    """Removes the tables of releases that nobody goes back to any more, and bodies that no table names."""
    named: set[str] = set()
    for path in release_folder().parent.glob("*/table"):
        if path.parent != release_folder() and store.is_old(path):
            rmtree(path.parent)
        else:
            with closing(Following(path)) as table:
                table.look()
                named.update(entry.digest for entry in table.entries.values())
    for path in (settings.BUILD_DIR / "pages").glob("*/*"):
        if path.name.rpartition("-")[0] not in named and store.is_old(path):
            path.unlink(missing_ok=True)


def _stored(name: str, body: bytes) -> dict[str, int]:
    """The sizes of `body` by coding, each of which stands in the store afterwards."""
    made = encoded(body)
    for coding, data in made.items():
        store.write(body_address(name, coding), data)
    return {coding: len(data) for coding, data in made.items()}


def _wait(found: Visible, *, reload: bool) -> None:
    """Until something else than `found` is to be seen."""
    times = [page.meta.publish for page in found.library.pages.values() if page.meta.publish]
    next_time = min((time for time in times if time > found.now), default=None)
    while True:
        sleep(PAUSE)
        if reload and site.look() is not found.library:
            return
        if next_time and datetime.now(UTC) >= next_time:
            return
