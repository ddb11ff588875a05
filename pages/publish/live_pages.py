"""The live pages, as they were after the last publish.

They are stored in a file in DATA_DIR, so they are known after a restart and in the next release. The publisher compares
them with the pages that are live now, to log which pages were added, changed or retired. `leads.search_engines`
announces these changes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import time

from django.conf import settings

from .. import sealed_files
from ..content.document import Page
from ..content.facts import Facts
from ..content.site_settings import SiteSettings
from ..repository.shown_pages import shown_pages
from ..repository.visible_pages import VisiblePages
from ..seo.canonical_url import indexable_pages

logger = logging.getLogger(__name__)

# The log names at most this many pages of each kind: added, changed and retired.
MAX_NAMED = 10


@dataclass(frozen=True)
class LivePages:
    """The live pages. They haven't changed since `changed_at`, in seconds since 1970.

    `digests` has a digest of what each page shows, by URL. `unlisted` are the URLs that search engines must not list.
    `settings` is a digest of the settings, the facts and the redirects.
    """

    changed_at: float = 0.0
    digests: Mapping[str, str] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    settings: str = ""


@dataclass(frozen=True)
class Changes:
    """The URLs of pages that were added, changed and retired, each sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]

    def __str__(self) -> str:
        parts = {"added": self.added, "changed": self.changed, "retired": self.retired}
        return ", ".join(f"{len(urls)} {name} ({_names(urls)})" for name, urls in parts.items() if urls)


def path() -> Path:
    data_dir: Path = settings.DATA_DIR
    return data_dir / "live-pages"


def read() -> LivePages | None:
    """Return the live pages, or None if nothing was recorded yet."""
    try:
        return LivePages(**json.loads(sealed_files.read(path())))
    except FileNotFoundError:
        return None
    except (sealed_files.Damaged, TypeError, ValueError):
        logger.error("the file %s is damaged: the publisher writes it again", path())
        return None


def record(visible: VisiblePages) -> None:
    """Log which pages have changed since the last record, and record the pages that are live now.

    If nothing has changed, do nothing. If the site shows drafts, as in development, never record anything.
    """
    if visible.drafts:
        return
    previous = read()
    before = previous or LivePages()
    library = visible.library
    frame = _frame_digest(library.site)
    digests = {page.url: _digest(page, visible, frame) for page in visible.pages()}
    listed = {page.url for page in indexable_pages(visible, settings.SITE_URL)}
    unlisted = tuple(sorted(digests.keys() - listed))
    settings_digest = _hash(repr(library.site), library.redirects.text)
    state = (digests, unlisted, settings_digest)
    if previous and (before.digests, tuple(before.unlisted), before.settings) == state:
        return
    # Each record must have a later time than the one before, even if the clock was set back.
    now = LivePages(max(time(), before.changed_at + 0.001), *state)
    with sealed_files.replace(path()) as file:
        file.write(json.dumps(asdict(now)).encode())
    if previous is None:
        logger.info("published %s pages for the first time", len(digests))
    elif changes := str(compare(before.digests, digests)):
        logger.info("published: %s", changes)
    elif before.settings != settings_digest:
        logger.info("published changed settings, facts or redirects: no page looks different")


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """Return which pages were added, changed and retired. `before` and `after` map URLs to digests of pages."""
    changed = (url for url in before.keys() & after.keys() if before[url] != after[url])
    return Changes(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(changed)),
        tuple(sorted(before.keys() - after.keys())),
    )


def _digest(page: Page, visible: VisiblePages, frame: str) -> str:
    """Return a digest of the page's document, the page's banner, and what the page shows of other pages.

    `frame` is a digest of the settings that all pages show.
    """
    banner = visible.banner(page.url)
    texts = [page.digest, page.name, repr(page.teaser), frame, str(banner.html) if banner else ""]
    for shown in shown_pages(page, visible):
        row = (shown.url, shown.name, shown.teaser, shown.meta.author, shown.meta.date, shown.weights)
        texts.append(shown.digest if shown.url == page.reported_role else repr((*row, shown.reported_scores)))
    return _hash(*texts)


def _frame_digest(site: SiteSettings) -> str:
    """Return a digest of the settings and facts that all pages show, for example in the footer.

    Leave out the banner and the spellings in `words`, because only some pages may show them.
    """
    shown = replace(site, banner=None, words=(), facts=Facts())
    return _hash(repr((shown, site.email, site.phones)))


def _hash(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def _names(urls: tuple[str, ...]) -> str:
    rest = len(urls) - MAX_NAMED
    return " ".join(urls[:MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")
