"""What a form carries along unseen: which opening of it this is, since when, and how the visitor came to it. Signed, so
that it says what it said when the form was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from time import time
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.core import signing
from django.http import HttpRequest

SALT = "leads.ticket"

# Campaign parameters that are kept, and how much of each.
PREFIX, LONGEST, MOST = "utm_", 200, 10


@dataclass(frozen=True)
class FormToken:
    """`opened_at` is in seconds since 1970. `came_from` is the page of this site that led to the form, `referrer_host`
    the other site that did; either may be empty. `consent` is what the form asked to agree to when it was last shown,
    whatever its document says by now."""

    opening: str
    opened_at: float
    came_from: str
    referrer_host: str
    campaign: dict[str, str]
    consent: str

    def __str__(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)


def issue(request: HttpRequest, opened_at: float | None = None) -> FormToken:
    """The ticket of a form that is opened now, or was before. Where a campaign led to the page before, its parameters
    stand in the address that the browser says it comes from."""
    referrer = _referrer(request)
    inside = referrer is not None and referrer.netloc == request.get_host()
    query = dict(parse_qsl(referrer.query)) if referrer and inside else {}
    campaign = _campaign(request.GET) or _campaign(query)
    came_from = _printable(referrer.path, 500) if referrer and inside and referrer.path != request.path else ""
    host = "" if referrer is None or inside else _printable(referrer.hostname or "", 255)
    return FormToken(token_urlsafe(18), time() if opened_at is None else opened_at, came_from, host, campaign, "")


def read(text: str) -> FormToken | None:
    """The ticket that a form brought; None for one that this site did not sign."""
    try:
        return FormToken(**signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _referrer(request: HttpRequest) -> SplitResult | None:
    try:
        found = urlsplit(request.headers.get("Referer", ""))
        return found if found.scheme in ("http", "https") and found.hostname else None
    except ValueError:  # brackets that hold no address
        return None


def _campaign(query: Mapping[str, str]) -> dict[str, str]:
    found = [(name, value) for name, value in query.items() if name.startswith(PREFIX)]
    return {_printable(name, LONGEST): _printable(value, LONGEST) for name, value in found[:MOST]}


def _printable(text: str, longest: int) -> str:
    """Databases do not take every character, and nobody reads those."""
    return "".join(filter(str.isprintable, text))[:longest]
