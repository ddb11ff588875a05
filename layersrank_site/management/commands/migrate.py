"""Django's `migrate`, one at a time on PostgreSQL: replicas that start together all call it, and two that make the same
table break each other off."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

# Any number, the same everywhere: PostgreSQL's name for the lock.
_LOCK = 7_242_633_110

# For how long another one may take before this one gives up (an OperationalError): pages need no database, and the
# site is not to wait for it.
_PATIENCE = 15  # seconds


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{_PATIENCE}s'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # the server's until the connection ends, at last
            cursor.execute("SET lock_timeout = DEFAULT")
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
