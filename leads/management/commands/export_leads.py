"""Writes the leads as a table to standard output."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from leads.models import Lead
from pages.content.sections.form import NAMES

COLUMNS = ("sent_at", "page", *NAMES, "consent", "came_from", "referrer_host", "campaign", "quarantine")

# What spreadsheets take for the start of a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["csv"], default="csv")
        parser.add_argument("--held-back", action="store_true", help="those in quarantine too")

    def handle(self, *args: Any, held_back: bool, **options: Any) -> None:
        leads = Lead.objects.all() if held_back else Lead.objects.accepted()
        table = csv.writer(self.stdout)
        table.writerow(COLUMNS)
        for lead in leads.order_by("sent_at").iterator():
            table.writerow(neutral(value) for value in _row(lead))


def _row(lead: Lead) -> list[str]:
    campaign = " ".join(f"{name}={value}" for name, value in lead.campaign.items())
    fields = [lead.fields.get(name, "") for name in NAMES]
    said = (lead.consent, lead.came_from, lead.referrer_host, campaign, lead.quarantine)
    return [lead.sent_at.isoformat(timespec="seconds"), lead.page, *fields, *said]


def neutral(value: str) -> str:
    """`value`, with an apostrophe before it where a spreadsheet would reckon with it."""
    return f"'{value}" if value.startswith(FORMULA) else value
