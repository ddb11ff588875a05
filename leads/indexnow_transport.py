"""Send a list of changed addresses to search engines (https://www.indexnow.org/documentation)."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from django.conf import settings

from .http_post import post_json
from .models import Message
from .transports import SendError

# The statuses for which a retry can't succeed, each with the reason and the operator's next step.
_PERMANENT = {
    400: "it can't read the request. Check INDEXNOW_URL",
    403: "it doesn't accept the key. Check that {location} shows INDEXNOW_KEY, and choose “Send again” in the admin",
    422: "the addresses don't belong to the host or the key. Check that SITE_URL is the site's public address",
}

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def is_public_site(url: str) -> bool:
    """Return whether search engines can reach the site at `url` over https."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.hostname not in _LOCAL_HOSTS


def send(message: Message) -> None:
    """POST the addresses in `message` to INDEXNOW_URL.

    Return if the server answers 2xx; otherwise raise SendError.
    """
    if not settings.INDEXNOW_KEY:
        raise SendError("INDEXNOW_KEY is not set any more", permanent=True)
    location = f"{settings.SITE_URL}/{settings.INDEXNOW_KEY}.txt"
    data = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": settings.INDEXNOW_KEY,
        "keyLocation": location,
        "urlList": json.loads(message.body),
    }
    status = post_json(settings.INDEXNOW_URL, json.dumps(data).encode(), {}, "the server at INDEXNOW_URL")
    if not 200 <= status < 300:
        reason = f"the server at INDEXNOW_URL answered with the status {status}"
        if advice := _PERMANENT.get(status):
            raise SendError(f"{reason}: {advice.format(location=location)}", permanent=True)
        # After 429 or a server error, the site must send fewer requests. `unreachable` makes the outbox worker pause.
        raise SendError(reason, unreachable=status == 429 or status >= 500)
