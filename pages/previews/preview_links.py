"""Preview links: create, find and revoke them. They are in the database, so all replicas know them.

The URL of a preview link is `/preview/<token>` followed by the path of a page. The token is the link's key with a
signature, so the site refuses a guessed token without asking the database.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from difflib import get_close_matches

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import QuerySet
from django.utils.encoding import iri_to_uri

from .. import clock
from ..content import dates
from ..content.library import Library
from ..content.url_paths import PREVIEWS, normalize_path
from ..models import PreviewLink
from ..repository.visible_pages import VisiblePages

SALT = "pages.previews"

LIVE_ALREADY = "This page is live, so visitors can see it without a preview link."

DEFAULT_PERIOD, MAX_PERIOD = timedelta(days=7), timedelta(days=90)

_PERIOD = re.compile(r"([1-9]\d{0,4})\s*([mhdw])", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_period(text: str) -> timedelta:
    """Return the period in `text`, such as `7d`. Raise ValueError with a message."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise ValueError("Write a number and a unit, such as 30m, 12h, 7d or 2w.")
    period = int(match[1]) * _UNITS[match[2].lower()]
    if period > MAX_PERIOD:
        raise ValueError(f"A preview link works for at most {MAX_PERIOD.days} days. Write {MAX_PERIOD.days}d or less.")
    return period


def parse_future_time(text: str) -> datetime:
    """Return the time that `text` states, in UTC. Otherwise, raise a ValueError that says what is wrong."""
    try:
        time = dates.parse_time(text)
    except (ValueError, OverflowError):
        suggestions = dates.suggest(text, with_time=True) or ("2026-12-01 09:00 +05:30",)
        raise ValueError(f"“{text}” is not a time. Write it like {' or '.join(suggestions)}.") from None
    if time <= clock.now():
        raise ValueError("This time has passed. Give a later time. To see the site as it is now, give no time.")
    return time


def page_url(address: str, library: Library) -> str:
    """Return the URL of the page at `address`, a URL or an alias. Raise ValueError if there is no such page."""
    url = normalize_path(address)
    url = library.aliases.get(url, url)
    if url != "/" and url not in library.pages:
        near = get_close_matches(url, library.pages, n=1)
        help = f"Did you mean {near[0]}?" if near else "Write a page's URL, such as /hire/data-engineer."
        raise ValueError(f"There is no page at {address}. {help}")
    return url


def is_live(url: str, library: Library) -> bool:
    """Return whether visitors can see the page at `url` now, without a preview link."""
    return VisiblePages(library, clock.now(), drafts=False).page(url) is not None


def create(
    url: str, period: timedelta = DEFAULT_PERIOD, at: datetime | None = None, user: User | None = None
) -> PreviewLink:
    """Create a link to the page at `url`, valid for `period`. With `at`, the link shows the whole site at that time."""
    return PreviewLink.objects.create(address=url, at=at, expires_at=clock.now() + period, created_by=user)


def full_url(link: PreviewLink) -> str:
    return f"{settings.SITE_URL}{path_prefix(token_of(link))}{iri_to_uri(link.address)}"


def token_of(link: PreviewLink) -> str:
    return _signer().sign(link.key)


def path_prefix(token: str) -> str:
    """Return `/preview/<token>`. In a preview, this prefix comes before the path of each page."""
    return f"{PREVIEWS}{token}"


def find(token: str) -> PreviewLink | None:
    """Return the link with this token, or None if the token is wrong, or the link is revoked or has expired."""
    try:
        key = _signer().unsign(token)
    except signing.BadSignature:
        return None
    return working_links().filter(key=key).first()


def working_links() -> QuerySet[PreviewLink]:
    return PreviewLink.objects.filter(revoked_at=None, expires_at__gt=clock.now())


def revoke(links: QuerySet[PreviewLink]) -> int:
    """Revoke the links that still work. Return their number."""
    return working_links().filter(pk__in=links).update(revoked_at=clock.now())


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep=".")
