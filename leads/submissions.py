"""A submission: a form that a visitor sent, as saved in the database and in the spool."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .email_addresses import normalize_mailbox


def reference_of(key: str) -> str:
    """Return the reference number of the lead with this key.

    The key is a hash that includes the form's random ID, so the number is not guessable and doesn't reveal how many
    leads there are.
    """
    return f"{key[:4]}-{key[4:8]}".upper()


@dataclass(frozen=True)
class Submission:
    """A form that a visitor sent.

    `opening` is a random ID, new each time the form is opened. `fields` maps the names of the form's fields to their
    values. `client` is a keyed hash of the visitor's network. `suspicion` is the value of a Quarantine member, empty
    unless the submission looks like spam.
    """

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
        """The idempotency key, which is the same when a form is sent twice.

        The key depends on the field values, so a form that is corrected and sent again becomes a new lead.
        """
        content = json.dumps([self.opening, self.page, sorted(self.fields.items())])
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def mailbox(self) -> str:
        return normalize_mailbox(self.fields["email"])

    def to_json(self) -> str:
        """Return the submission as one line of JSON."""
        return json.dumps(asdict(self) | {"sent_at": self.sent_at.isoformat()})


def from_json(line: str) -> Submission:
    """Parse the output of `to_json`. Raise ValueError for other text, and for values that no form can send."""
    try:
        data: dict[str, Any] = json.loads(line)
        submission = Submission(**data | {"sent_at": datetime.fromisoformat(data["sent_at"])})
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a submission") from error
    values = asdict(submission)
    is_valid = (
        submission.sent_at.tzinfo is not None
        and all(_is_dict_of_text(values.pop(name)) for name in ("fields", "campaign"))
        and "email" in submission.fields
        and all(isinstance(value, str) for name, value in values.items() if name != "sent_at")
    )
    if not is_valid:
        raise ValueError("not a submission")
    json.dumps(data, ensure_ascii=False).encode()  # raises UnicodeEncodeError for a lone surrogate
    return submission


def _is_dict_of_text(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
