"""Django's `migrate`, one process at a time on PostgreSQL.

Replicas that start together all run this command. Without a lock, two replicas could create the same table, and one
replica would fail.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from leads.advisory_locks import MIGRATIONS

# How long to wait for another process's migration, in seconds. After this time, the command raises an OperationalError.
# Pages need no database, so a long migration must not delay the site's start.
LOCK_TIMEOUT = 15


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}s'")
            # PostgreSQL releases this lock if the connection is lost.
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATIONS])
            cursor.execute("SET lock_timeout = DEFAULT")
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATIONS])
