"""List the spool records that could not be saved to the database, or try again to save them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from leads import intake, spool
from leads.submissions import from_json


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        help = "try to save the complete records, and remove the saved records from the list"
        parser.add_argument("--replay", action="store_true", help=help)

    def handle(self, *args: Any, replay: bool, **options: Any) -> None:
        if replay:
            try:
                count = spool.replay_set_aside(intake.save_to_database)
            except (DatabaseError, InterfaceError) as error:
                raise CommandError(f"the database doesn't respond: {type(error).__name__}") from error
            self.stdout.write(f"{count} saved")
        lines = spool.set_aside()
        for line in lines:
            self.stdout.write(_summary(line))
        if replay and lines:
            raise CommandError(
                f"records that can't be saved: {len(lines)}. Copy what you need from aside.jsonl, then delete the file"
            )
        if not lines:
            self.stdout.write("no records are set aside")


def _summary(line: str) -> str:
    """Describe a record in ASCII characters, since a damaged record may contain any bytes."""
    try:
        submission = from_json(line)
    except ValueError:
        return f"an incomplete record ({len(line)} characters): {line[:80]!a}"
    email = submission.fields["email"]
    return f"complete record: sent {submission.sent_at:%Y-%m-%d %H:%M} UTC from {submission.page!a} by {email!a}"
