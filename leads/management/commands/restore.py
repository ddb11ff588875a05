"""Restore a backup into an empty database. Set DATABASE_URL to a new database, or stop the site first."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads import backups
from leads.models import Lead


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="path of the backup")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        os.umask(0o077)  # the database file has personal data: only its owner may read it
        try:
            backups.restore(file)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Leads restored: {Lead.objects.count()}")
