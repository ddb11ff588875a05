"""What a visitor sent, as one value that the database and the spool both hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.encoding import punycode

_GMAIL = ("gmail.com", "googlemail.com")


@dataclass(frozen=True)
class Submission:
    """`fields` are by the names of the form's fields; `opening` tells one opening of the form from another. `suspicion`
    is a Quarantine's value, empty for what looks like a person's. `client` is the sender's network as a keyed hash."""

    opening: str
    page: str
    sent_at: datetime
    fields: dict[str, str]
    consent: str
    came_from: str
    referrer_host: str
    campaign: dict[str, str]
    client: str
    suspicion: str
    reply_subject: str
    reply: str

    @property
    def key(self) -> str:
        """The same for what is sent twice. Words that were changed in between make another, so that none are lost."""
        sent = json.dumps([self.opening, self.page, sorted(self.fields.items())])
        return hashlib.sha256(sent.encode()).hexdigest()

    @property
    def mailbox(self) -> str:
        return mailbox(self.fields["email"])

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self) | {"sent_at": self.sent_at.isoformat()})


def from_json(line: str) -> Submission:
    """Raises ValueError, KeyError or TypeError for what `to_json` did not make."""
    data: dict[str, Any] = json.loads(line)
    return Submission(**data | {"sent_at": datetime.fromisoformat(data["sent_at"])})


def mailbox(email: str) -> str:
    """Where mail to `email` ends up, as far as the address tells: without capitals, with the domain as mail servers
    have it, and without what its owner can add at will (RFC 5233, and the periods that Gmail does not mind)."""
    local, _, written = email.lower().rpartition("@")
    local, domain = local.partition("+")[0], punycode(written)
    return f"{local.replace('.', '')}@{_GMAIL[0]}" if domain in _GMAIL else f"{local}@{domain}"
