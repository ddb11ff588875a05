"""Write the leads to standard output as CSV."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from leads.models import Lead
from pages import csv_format
from pages.content.sections.form import NAMES
from pages.management.database_errors import database_errors

COLUMNS = ("sent_at", "page", *NAMES, "consent", "came_from", "referrer_host", "campaign", "quarantine")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["csv"], default="csv")
        parser.add_argument("--held-back", action="store_true", help="include held-back leads")

    def handle(self, *args: Any, held_back: bool, **options: Any) -> None:
        leads = Lead.objects.all() if held_back else Lead.objects.accepted()
        with database_errors():
            rows = map(_row, leads.order_by("sent_at").iterator())
            csv_format.write_rows(self.stdout, chain([COLUMNS], rows))


def _row(lead: Lead) -> list[str]:
    campaign = " ".join(f"{name}={value}" for name, value in lead.campaign.items())
    fields = [lead.fields.get(name, "") for name in NAMES]
    source = (lead.consent, lead.came_from, lead.referrer_host, campaign, lead.quarantine)
    return [lead.sent_at.isoformat(timespec="seconds"), lead.page, *fields, *source]
