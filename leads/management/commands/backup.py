"""Writes a whole copy of the database to a file, while the site goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads import backups


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            backups.backup(file)
        except backups.Failed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(f"{file}: {file.stat().st_size} bytes")
