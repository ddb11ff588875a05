"""`/.well-known/security.txt`: the contact for security problems of the site (RFC 9116)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from .. import clock
from ..content.security_contact import SecurityContact
from ..repository import current
from .caching import cache_page
from .decorators import read_only

PATH = "/.well-known/security.txt"

# The file expires on the first day of the sixth month after the current month. So the file expires in five to six
# months. The RFC recommends less than a year (2.5.5). A cache may keep a response for a week, long before it expires.
_MONTHS = 6


@read_only
def security_txt(request: HttpRequest) -> HttpResponse:
    """Serve the file, or answer 404 if `site.toml` has no contact.

    Caches may keep the file until the end of the month, because the file changes then.
    """
    visible = current.visible_pages_of(request)
    contact = visible.library.site.security
    if contact is None:
        raise Http404
    now = clock.now()
    visible.changes.update((_first_day(now, 0), _first_day(now, 1)))
    text = "".join(f"{name}: {value}\n" for name, value in _fields(contact, _first_day(now, _MONTHS)))
    return cache_page(request, HttpResponse(text, content_type="text/plain; charset=utf-8"), visible)


def _fields(contact: SecurityContact, expires: datetime) -> Iterator[tuple[str, str]]:
    site_url = settings.SITE_URL
    yield from (("Contact", url) for url in contact.contacts)
    yield "Expires", expires.strftime("%Y-%m-%dT%H:%M:%SZ")
    if contact.preferred_languages:
        yield "Preferred-Languages", ", ".join(contact.preferred_languages)
    # Addresses of web pages must begin with https:// (2.5.2 and 2.5.7).
    if site_url.startswith("https://"):
        yield "Canonical", site_url + PATH
    policy = site_url + contact.policy if contact.policy.startswith("/") else contact.policy
    if policy.startswith("https://"):
        yield "Policy", policy


def _first_day(time: datetime, months: int) -> datetime:
    """Return the start of the month `months` after the month of `time`."""
    years, month = divmod(time.month - 1 + months, 12)
    return time.replace(year=time.year + years, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
