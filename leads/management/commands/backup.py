"""Write a consistent copy of the database to a file. The site keeps running."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from leads import backups
from leads.models import Backup


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="path of the backup; an existing file is replaced")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            backups.backup(file)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        try:
            Backup.objects.create(path=str(file.absolute()))
        except DatabaseError as error:  # for example, the migration that creates the table hasn't run yet
            self.stderr.write(f"The backup is complete, but it could not be recorded: {type(error).__name__}.")
        self.stdout.write(f"Wrote the backup {file} ({file.stat().st_size} bytes)")
