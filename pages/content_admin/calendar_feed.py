"""The calendar of planned changes. Each user has an address, to which a calendar program can subscribe.

Calendar programs can't log in, so the address has a signed key in its query string. The log leaves out query strings.
The key is valid until the user's password changes, or until the user may no longer see the documents.
"""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from .. import clock, icalendar_format
from ..http.decorators import read_only
from ..icalendar_format import Event
from ..repository import current
from .planned_changes import PlannedChange, planned_changes

PATH, PARAMETER, SALT = "/planned.ics", "key", "pages.calendar_feed"
PERMISSION = "pages.view_document"


def address_for(user: AbstractBaseUser) -> str:
    """Return the address of the calendar for `user`."""
    return f"{settings.SITE_URL}{PATH}?{PARAMETER}={_signer().sign_object([user.pk, _fingerprint(user)])}"


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _fingerprint(user: AbstractBaseUser) -> str:
    """Return a keyed hash that changes with the user's password."""
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:32]


@read_only
def planned(request: HttpRequest) -> HttpResponse:
    """Send the calendar. Without a valid key, answer as for a page that doesn't exist."""
    if not _has_valid_key(request):
        raise Http404
    library, now = current.get_library(), clock.now()
    events = [_event(change) for change in planned_changes(library, now)]
    calendar = icalendar_format.calendar(f"{library.site.name}: planned changes", events, now)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(calendar, content_type=icalendar_format.CONTENT_TYPE, headers=headers)


def _has_valid_key(request: HttpRequest) -> bool:
    try:
        pk, fingerprint = _signer().unsign_object(request.GET.get(PARAMETER, ""))
    except (signing.BadSignature, ValueError):
        return False
    user = get_user_model()._default_manager.filter(pk=pk, is_active=True, is_staff=True).first()
    return user is not None and constant_time_compare(_fingerprint(user), fingerprint) and user.has_perm(PERMISSION)


def _event(change: PlannedChange) -> Event:
    digest = sha256(f"{change.kind} {change.path}".encode()).hexdigest()[:32]
    url = settings.SITE_URL + change.url
    return Event(f"{digest}@{settings.SITE_HOST}", change.time, str(change), f"File: {change.path}", url)
