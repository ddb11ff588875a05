"""Write the leads to standard output as CSV."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from leads.models import Lead
from pages.content.sections.form import NAMES

COLUMNS = ("sent_at", "page", *NAMES, "consent", "came_from", "referrer_host", "campaign", "quarantine")

# Spreadsheets treat a cell that starts with one of these as a formula
# (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA_PREFIXES = tuple("=+-@\t\r\n＝＋－＠")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["csv"], default="csv")
        parser.add_argument("--held-back", action="store_true", help="include leads in quarantine")

    def handle(self, *args: Any, held_back: bool, **options: Any) -> None:
        leads = Lead.objects.all() if held_back else Lead.objects.accepted()
        writer = csv.writer(self.stdout)
        writer.writerow(COLUMNS)
        for lead in leads.order_by("sent_at").iterator():
            writer.writerow(escape_formula(value) for value in _row(lead))


def _row(lead: Lead) -> list[str]:
    campaign = " ".join(f"{name}={value}" for name, value in lead.campaign.items())
    fields = [lead.fields.get(name, "") for name in NAMES]
    source = (lead.consent, lead.came_from, lead.referrer_host, campaign, lead.quarantine)
    return [lead.sent_at.isoformat(timespec="seconds"), lead.page, *fields, *source]


def escape_formula(value: str) -> str:
    """Prefix `value` with an apostrophe if a spreadsheet would read it as a formula."""
    return f"'{value}" if value.startswith(FORMULA_PREFIXES) else value
