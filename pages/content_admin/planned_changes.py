"""The site's planned changes: pages that go live or expire, and the times when the banner appears and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..content.content_folder import display_path
from ..content.library import Library
from ..content.settings_file import SITE_FILE

PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class PlannedChange:
    """A change at `time`. `path` is the file that plans it. `url` is the page's URL, or “/” for the banner."""

    time: datetime
    kind: str
    title: str
    url: str
    path: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


def planned_changes(library: Library, now: datetime) -> list[PlannedChange]:
    """Return the changes in the PERIOD after `now`, the next change first."""
    changes = (*_page_changes(library), *_banner_changes(library))
    due = (change for change in changes if now < change.time <= now + PERIOD)
    return sorted(due, key=lambda change: (change.time, change.path, change.kind))


def _page_changes(library: Library) -> Iterator[PlannedChange]:
    for page in library.pages.values():
        meta = page.meta
        if meta.draft:
            continue
        title = meta.title or page.name
        if meta.publish:
            yield PlannedChange(meta.publish, "Goes live", title, page.url, page.path)
        if meta.expires:
            yield PlannedChange(meta.expires, "Expires", title, page.url, page.path)


def _banner_changes(library: Library) -> Iterator[PlannedChange]:
    banner = library.site.banner
    if banner is None:
        return
    path = display_path(library.folder, library.folder / SITE_FILE)
    if banner.starts:
        yield PlannedChange(banner.starts, "Banner appears", banner.text, "/", path)
    if banner.ends:
        yield PlannedChange(banner.ends, "Banner ends", banner.text, "/", path)
