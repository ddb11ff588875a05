"""Send a message to the webhook, signed according to https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import hashlib
import hmac
from time import time
from urllib.parse import urlsplit

from django.conf import settings

from .http_post import post_json
from .models import Message
from .transports import SendError


def send(message: Message) -> None:
    """POST `message` to WEBHOOK_URL.

    Return if the receiver answers 2xx; otherwise raise SendError. Redirects are not followed.
    """
    body = message.body.encode()
    if not urlsplit(settings.WEBHOOK_URL).hostname:
        raise SendError("WEBHOOK_URL is not set or has no host", unreachable=True)
    status = post_json(settings.WEBHOOK_URL, body, _headers(message, body), "the webhook receiver")
    if not 200 <= status < 300:
        # Standard Webhooks: 410 Gone means that the receiver wants no further requests.
        raise SendError(f"the webhook receiver answered with the status {status}", permanent=status == 410)


def _headers(message: Message, body: bytes) -> dict[str, str]:
    message_id, timestamp = message.message_id.strip("<>"), str(int(time()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(message_id, timestamp, body, settings.WEBHOOK_SECRET),
    }


def signature(message_id: str, timestamp: str, body: bytes, secret: str) -> str:
    """Return the value of the `webhook-signature` header.

    It is `v1,` followed by the Base64 HMAC-SHA256 of `message_id.timestamp.body`.
    If `secret` starts with `whsec_`, the rest of it is the key in Base64. Any other secret is itself the key.
    Raise ValueError if the Base64 is malformed.
    """
    encoded = secret.removeprefix("whsec_")
    key = secret.encode() if encoded == secret else base64.b64decode(encoded, validate=True)
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
