"""The bodies of emails to sales. All text from visitors is quoted, so that it doesn't look like the site's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .models import Lead, Message

FIELD_LABELS = {
    "email": "Email",
    "name": "Name",
    "company": "Company",
    "phone": "Phone",
    "role": "Role",
    "message": "Message",
}

# An email about many leads has at most this many characters of each lead. Together with outbox_worker.MAX_GATHERED,
# this limit keeps the email below 10 MB, a size that mail servers commonly accept.
MAX_EXCERPT_LENGTH = 1_000

# Control characters, and characters that change the direction of text (https://www.unicode.org/reports/tr9/). A change
# of direction can show the end of a line at the line's beginning.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def quote(text: str) -> str:
    """Return `text` with `> ` before each line. Any line separator of Unicode starts a new line."""
    return "\n".join(f"> {_INVISIBLE.sub('', line)}".rstrip() for line in text.splitlines() or [""])


def lead_body(lead: Lead) -> str:
    """Return the body of the email about one lead."""
    lines = [f"{FIELD_LABELS.get(name, name)}:\n{quote(value)}" for name, value in lead.fields.items() if value]
    lines += [
        "",
        f"Reference: {lead.reference}",
        f"Sent from {lead.page} at {lead.sent_at:%Y-%m-%d %H:%M} UTC",
        f"Consent: {lead.consent}",
    ]
    if source := lead.came_from or lead.referrer_host:
        lines += [f"The visitor came from:\n{quote(source)}"]
    if lead.campaign:
        campaign = "\n".join(f"{name}: {value}" for name, value in lead.campaign.items())
        lines += [f"Campaign:\n{quote(campaign)}"]
    return "\n".join(lines) + "\n"


def gathered_body(messages: Sequence[Message]) -> str:
    """Return the body of one email about several leads. This email replaces the separate emails about these leads."""
    parts = [
        f"This email is about {len(messages)} leads, which arrived within a short time.\n",
        *(f"{message.subject}\n\n{_excerpt(message.body)}" for message in messages),
    ]
    return f"\n{'-' * 40}\n".join(parts)


def _excerpt(body: str) -> str:
    return body if len(body) <= MAX_EXCERPT_LENGTH else f"{body[:MAX_EXCERPT_LENGTH]}\n(Read the rest in the admin.)\n"


def alert_body(limit: str) -> str:
    """Return the body of the email about an exceeded rate limit."""
    return (
        f"Rate limit exceeded: {limit}.\n\n"
        "Visitors over this limit get no automatic reply. Their leads are saved, and you get them as usual.\n\n"
        "Check whether these leads are real, and answer the real visitors yourself. If most visitors seem to have the "
        "same network address, set TRUSTED_PROXIES.\n\n"
        "While the limit is exceeded, this email is sent at most once an hour.\n"
    )
