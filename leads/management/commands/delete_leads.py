"""Delete leads older than a given age, with their messages."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads.models import Lead
from pages.management.database_errors import database_errors
from pages.repository import current

# The fact that says how long the site keeps leads, such as “24 months”.
FACT = "kept.leads"
_PERIOD = re.compile(r"([1-9][0-9]{0,3}) (day|month)s?")
_AGE = re.compile(r"([1-9][0-9]{0,3})([dm])")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        help = "delete leads older than this many months or days, such as 24m or 90d"
        parser.add_argument("--older-than", type=cutoff, required=True, metavar="AGE", help=help)

    def handle(self, *args: Any, older_than: datetime, **options: Any) -> None:
        promised = current.site_settings().facts.value(FACT)
        period = _PERIOD.fullmatch(promised)
        # Allow a small difference, because the two calls of `cutoff` used slightly different current times.
        if period and cutoff(period[1] + period[2][0]) - older_than > timedelta(hours=1):
            raise CommandError(
                f"No lead was deleted. The fact {FACT} in facts.toml promises visitors that leads are deleted after "
                f"{promised}, so --older-than must not be longer than that."
            )
        with database_errors():
            _, counts = Lead.objects.filter(sent_at__lt=older_than).delete()
        count = counts.get("leads.Lead", 0)
        self.stdout.write(f"Leads deleted: {count} (sent before {older_than:%Y-%m-%d %H:%M} UTC)")


def cutoff(age: str) -> datetime:
    """Return the current time minus `age`. `age` is a number of days (`90d`) or calendar months (`24m`)."""
    match = _AGE.fullmatch(age)
    if not match:
        raise ArgumentTypeError(f"The age “{age}” is not valid. Write an age such as 24m or 90d")
    count, now = int(match[1]), timezone.now()
    if match[2] == "d":
        return now - timedelta(days=count)
    year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
