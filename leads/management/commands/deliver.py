"""Sends what stands in the outbox, and brings leads from the spool into the database."""

import logging
import signal
import sys
import time
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections

from leads.outbox_worker import OutboxWorker
from pages import log

logger = logging.getLogger(__name__)

# How soon a lead is told of, and how long a database that does not answer is left alone, in seconds.
EVERY, LATER = 1, 5


class Command(BaseCommand):
    help = __doc__
    # Django's own would ask the database, and a site must start while that does not answer.
    requires_system_checks = ("startup",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until it is told to stop (SIGTERM, Ctrl-C)")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """With --watch it is a part of what serves, and says all that it says in the log."""
        if not options["watch"] or settings.DEBUG:
            return super().execute(*args, **options)
        log.configure()
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            logger.critical("%s", error)
            sys.exit(error.returncode)

    def handle(self, *args: Any, watch: bool, **options: Any) -> None:
        if watch:
            self._watch()
        else:
            self._once()

    def _once(self) -> None:
        postman, sent, failed = OutboxWorker(), 0, 0
        try:
            while (ended := postman.run_once()) != (0, 0):
                sent, failed = sent + ended[0], failed + ended[1]
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(f"the database does not answer: {type(error).__name__}") from error
        self.stdout.write(f"{sent} sent, {failed} not sent")
        if failed:
            raise CommandError("what was not sent stays in the outbox; the log says why")

    def _watch(self) -> None:
        stop, postman, answered = Event(), OutboxWorker(), True
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            started = time.monotonic()
            try:
                postman.run_once(stop.is_set)
                answered = True
            except (DatabaseError, InterfaceError) as error:
                if answered:
                    logger.error(
                        "the database does not answer (%s); asked again every %s s", type(error).__name__, LATER
                    )
                answered = False
            close_old_connections()
            stop.wait(max(0.0, (EVERY if answered else LATER) - (time.monotonic() - started)))
