"""All data about one person, who is identified by an email address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from . import spool
from .email_addresses import normalize_mailbox
from .models import Backup, Lead, Message
from .submissions import from_json


@dataclass(frozen=True)
class PersonData:
    """The data about one person.

    `spool` maps the names of the spool's files to the person's records. `mentions` are other
    people's leads whose text contains this person's email address. `backups` are the backups that may have some of the
    data.
    """

    leads: list[Lead]
    messages: list[Message]
    spool: dict[str, list[str]]
    mentions: list[Lead]
    backups: list[Backup]

    def __bool__(self) -> bool:
        return bool(self.leads or self.messages or self.spool)

    def to_dict(self) -> dict[str, Any]:
        """Return the data for `json.dumps`, with the field names of the database."""
        records = [_record(line) for lines in self.spool.values() for line in lines]
        return {"leads": [*map(_values, self.leads)], "messages": [*map(_values, self.messages)], "spool": records}


def find(email: str) -> PersonData:
    """Return the data about the person who has the mailbox `email`. Differences in spelling don't matter."""
    # Search the spool before the database, since a replay moves records from the spool to the database.
    records = spool.find(partial(_has_address, email))
    leads, messages = [*_leads(email)], [*_messages(email)]
    times = [lead.kept_at for lead in leads] + [message.created_at for message in messages]
    backups = Backup.objects.filter(written_at__gte=min(times)) if times else []
    others = Lead.objects.exclude(_is_from(email)).annotate(text=Cast("fields", TextField()))
    mentions = others.filter(Q(text__icontains=email) | Q(text__icontains=_escaped(email)))
    return PersonData(leads, messages, records, [*mentions], [*backups])


def delete(email: str) -> None:
    """Delete the data about the person who has the mailbox `email`.

    First delete the spooled records, because a replay would save them to the database again. Then look for the leads
    again, because a replay may have saved more leads since `find` returned.
    """
    spool.remove(partial(_has_address, email))
    with transaction.atomic():
        _messages(email).delete()
        _leads(email).delete()


def _leads(email: str) -> QuerySet[Lead]:
    return Lead.objects.filter(_is_from(email))


def _messages(email: str) -> QuerySet[Message]:
    return Message.objects.filter(Q(lead__in=_leads(email)) | Q(recipient__iexact=email))


def _is_from(email: str) -> Q:
    return Q(mailbox=normalize_mailbox(email)) | Q(email__iexact=email)


def _has_address(email: str, line: str) -> bool:
    """Return True if a record of the spool comes from `email`. In a damaged record, search for the address itself."""
    try:
        return from_json(line).mailbox == normalize_mailbox(email)
    except ValueError:
        return any(spelling.lower() in line.lower() for spelling in (email, _escaped(email)))


def _escaped(email: str) -> str:
    """Return `email` as it appears in JSON, with non-ASCII characters escaped."""
    return json.dumps(email)[1:-1]


def _record(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return line.encode(errors="replace").decode()


def _values(row: Lead | Message) -> dict[str, object]:
    names = [field.attname for field in row._meta.concrete_fields]
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
