"""Send the messages in the outbox, and save spooled leads to the database."""

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

# The pause between two runs, and the pause after a failed run, in seconds.
INTERVAL, RETRY_INTERVAL = 1, 5


class Command(BaseCommand):
    help = __doc__
    # Run only the start-up checks. Some of Django's own checks query the database, and the worker must start even
    # while the database is down.
    requires_system_checks = ("startup",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="keep running until SIGTERM or Ctrl-C")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command. With --watch in production, write errors to the JSON log."""
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
            self._run_until_empty()

    def _run_until_empty(self) -> None:
        worker, sent, failed = OutboxWorker(), 0, 0
        try:
            while (counts := worker.run_once()) != (0, 0):
                sent, failed = sent + counts[0], failed + counts[1]
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(f"the database doesn't respond: {type(error).__name__}") from error
        self.stdout.write(f"Messages sent: {sent}. Messages not sent: {failed}.")
        if failed:
            raise CommandError("some messages were not sent and stay in the outbox; the log has the reasons")

    def _watch(self) -> None:
        stop, worker, failure = Event(), OutboxWorker(), ""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            started = time.monotonic()
            try:
                try:
                    worker.run_once(stop.is_set)
                finally:
                    close_old_connections()
                failure = ""
            except Exception as error:  # the loop must continue after any error: if this worker ends, the site stops
                failure = self._log_failure(error, failure)
            interval = RETRY_INTERVAL if failure else INTERVAL
            stop.wait(max(0.0, interval - (time.monotonic() - started)))

    def _log_failure(self, error: Exception, previous: str) -> str:
        """Return the name of `error`'s type. If `previous` is another name, log the error.

        `previous` is the name of the previous error's type, or "" if the previous attempt succeeded.
        """
        name = type(error).__name__
        if name != previous and isinstance(error, DatabaseError | InterfaceError):
            logger.error("the database doesn't respond (%s), retrying every %s s", name, RETRY_INTERVAL)
        elif name != previous:
            # `pages.log` logs the traceback, but not the error's message if it may quote a visitor.
            logger.error("the outbox's messages can't be sent; retrying every %s s", RETRY_INTERVAL, exc_info=error)
        return name
