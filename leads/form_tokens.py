"""The form token: a signed hidden field that records when a form was opened, and how the visitor got there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from time import time
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.core import signing
from django.http import HttpRequest

from pages.log import hide_previews

SALT = "leads.form_token"

# The maximum age of a form in seconds. An older form is refused, but the error page lets the visitor send it again.
LIFETIME = 24 * 60 * 60

# Only campaign parameters with this prefix are saved. The limits keep the token small.
CAMPAIGN_PREFIX, MAX_CAMPAIGN_LENGTH, MAX_CAMPAIGN_PARAMETERS = "utm_", 200, 10

# The maximum lengths of the fields Lead.came_from and Lead.referrer_host.
MAX_PATH_LENGTH, MAX_HOST_LENGTH = 500, 255


@dataclass(frozen=True)
class FormToken:
    """The contents of a form token.

    `opening` is a random ID, new each time the form is opened. `opened_at` is in seconds since 1970. `came_from` is the
    path of the page on this site that led to the form, or empty. `referrer_host` is the host of another site that led
    to the form, or empty. `consent` is the consent text that the form showed, even if the document has changed since.
    """

    opening: str
    opened_at: float
    came_from: str
    referrer_host: str
    campaign: dict[str, str]
    consent: str

    def __str__(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)


def issue(request: HttpRequest, opened_at: float | None = None) -> FormToken:
    """Return a new token for a form that was opened at `opened_at`, by default the current time.

    Campaign parameters come from the request's URL. If this URL has no campaign parameters, they come from the URL of
    the previous page on this site.
    """
    referrer = _referrer(request)
    is_internal = referrer is not None and referrer.netloc == request.get_host()
    referrer_query = dict(parse_qsl(referrer.query)) if referrer and is_internal else {}
    campaign = _campaign(request.GET) or _campaign(referrer_query)
    came_from = host = ""
    if referrer and is_internal and referrer.path != request.path:
        came_from = _printable(hide_previews(referrer.path), MAX_PATH_LENGTH)
    if referrer and not is_internal:
        host = _printable(referrer.hostname or "", MAX_HOST_LENGTH)
    return FormToken(token_urlsafe(18), time() if opened_at is None else opened_at, came_from, host, campaign, "")


def load(text: str, max_age: int | None = LIFETIME) -> FormToken | None:
    """Return the token that `text` encodes, or None if this site didn't sign it in the last `max_age` seconds."""
    try:
        return FormToken(**signing.loads(text, salt=SALT, max_age=max_age))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _referrer(request: HttpRequest) -> SplitResult | None:
    try:
        url = urlsplit(request.headers.get("Referer", ""))
        return url if url.scheme in ("http", "https") and url.hostname else None
    except ValueError:  # the Referer has an invalid IPv6 address in brackets
        return None


def _campaign(query: Mapping[str, str]) -> dict[str, str]:
    parameters = [(name, value) for name, value in query.items() if name.startswith(CAMPAIGN_PREFIX)]
    return {
        _printable(name, MAX_CAMPAIGN_LENGTH): _printable(value, MAX_CAMPAIGN_LENGTH)
        for name, value in parameters[:MAX_CAMPAIGN_PARAMETERS]
    }


def _printable(text: str, max_length: int) -> str:
    """Remove unprintable characters, some of which PostgreSQL rejects, and shorten the text."""
    return "".join(filter(str.isprintable, text))[:max_length]
