"""Tell search engines which pages changed, by IndexNow (https://www.indexnow.org/documentation).

The publisher records the live pages in a file. The delivery worker compares this file with the pages that were
announced last, which are in the database. So if two replicas see the same change, only one of them announces it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from pages.publish import live_pages
from pages.publish.file_watch import FileWatch
from pages.publish.live_pages import LivePages

from . import outbox, rate_limits
from .indexnow_transport import is_public_site
from .models import AnnouncedPages, Message

# IndexNow's limit for one request.
MAX_URLS = 10_000
KEEP_SENT = timedelta(days=30)


def is_on() -> bool:
    """Return whether changes are announced: only with a key, and only for a public site."""
    return bool(settings.INDEXNOW_KEY) and is_public_site(settings.SITE_URL)


class Announcer:
    """Creates messages to search engines when the publisher's record of the live pages changes."""

    def __init__(self) -> None:
        self._watch: FileWatch | None = None

    def run_once(self) -> None:
        if not is_on() or (self._watch and not self._watch.is_changed()):
            return
        watch = FileWatch(live_pages.path())
        if live := live_pages.read():
            enqueue_changes(live)
        self._watch = watch


def enqueue_changes(live: LivePages) -> None:
    """Create messages with the addresses that changed since the last announcement.

    The first call announces nothing, because it knows no earlier pages. Ignore `live` if another replica has
    already announced a later state of the live pages.
    """
    with transaction.atomic():
        rate_limits.lock()
        announced = AnnouncedPages.objects.first()
        if announced is None:
            announced = AnnouncedPages()
        elif announced.changed_at >= live.changed_at:
            return
        else:
            before = LivePages(announced.changed_at, announced.digests, tuple(announced.unlisted))
            urls = [settings.SITE_URL + iri_to_uri(url) for url in changed_urls(before, live)]
            for start in range(0, len(urls), MAX_URLS):
                body = json.dumps(urls[start : start + MAX_URLS])
                outbox.build_message(None, Message.Kind.INDEXNOW, "", "", body).save()
        announced.changed_at = live.changed_at
        announced.digests, announced.unlisted = dict(live.digests), list(live.unlisted)
        announced.save()
        old = Message.objects.filter(kind=Message.Kind.INDEXNOW, state=Message.State.SENT)
        old.filter(sent_at__lt=timezone.now() - KEEP_SENT).delete()


def changed_urls(before: LivePages, after: LivePages) -> Iterator[str]:
    """Yield the URLs that were added, changed or retired. Leave out pages that search engines must not list."""
    listed_before, listed, unlisted = _listed(before), _listed(after), frozenset(after.unlisted)
    for url in sorted(listed_before.keys() | listed.keys()):
        if listed_before.get(url) != listed.get(url) and url not in unlisted:
            yield url


def _listed(pages: LivePages) -> dict[str, str]:
    unlisted = frozenset(pages.unlisted)
    return {url: digest for url, digest in pages.digests.items() if url not in unlisted}
