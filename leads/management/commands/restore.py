"""Brings a backup into an empty database. The site should be stopped, or the database be a new one."""

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
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        os.umask(0o077)  # of SQLite a file is made
        try:
            backups.restore(file)
        except backups.Failed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(f"{Lead.objects.count()} leads restored")
