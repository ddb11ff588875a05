"""Show or delete the data about the person with a given email address: leads, messages and spooled records."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from leads import person_data
from leads.email_addresses import validate_address
from leads.person_data import PersonData
from pages.management.database_errors import database_errors

BACKUPS = (
    "These backups may still have the data. Delete them and all their copies, or run this command again after you "
    "restore one of them:"
)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's email address")
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--export", action="store_true", help="write the data to standard output as JSON")
        action.add_argument("--delete", action="store_true", help="delete the data, after a confirmation")
        parser.add_argument("--yes", action="store_true", help="delete the data without asking for confirmation")

    def handle(self, *args: Any, email: str, export: bool, yes: bool, **options: Any) -> None:
        email = email.strip()
        try:
            validate_address(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not a valid email address") from error
        try:
            with database_errors():
                self._show_or_delete(email, export, yes)
        except OSError as error:
            raise CommandError(f"the spool can't be read or changed: {error}") from error

    def _show_or_delete(self, email: str, export: bool, yes: bool) -> None:
        data = person_data.find(email)
        if export:
            self.stdout.write(json.dumps(data.to_dict(), ensure_ascii=False, indent=2))
            self.stderr.write("\n".join(_summary(email, data)))
            return
        self.stdout.write("\n".join(_summary(email, data)))
        if data:
            if not yes and _ask_for_address() != email:
                raise CommandError(f"nothing was deleted, because you typed an address other than {email}")
            person_data.delete(email)
            self.stdout.write("The data was deleted.")


def _ask_for_address() -> str:
    try:
        return input("Type the address again to delete the data: ").strip()
    except EOFError as error:
        raise CommandError("nothing was deleted. Run the command in a terminal, or add --yes") from error


def _summary(email: str, data: PersonData) -> Iterator[str]:
    if data:
        records = sum(map(len, data.spool.values()))
        yield f"Data about {email}:"
        yield f"- leads: {len(data.leads)}"
        yield f"- messages: {len(data.messages)}"
        yield f"- records in the spool: {records}"
    else:
        yield f"There is no data about {email}."
    if data.mentions:
        numbers = ", ".join(str(lead.pk) for lead in data.mentions)
        yield f"Other people wrote this address into their leads. Check these leads in the admin: {numbers}"
    if data.backups:
        yield BACKUPS
        yield from (f"- {backup}" for backup in data.backups)
