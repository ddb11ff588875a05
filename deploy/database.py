"""Brings the database to where this release needs it. Pages need none, so the site starts without it too."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection

LOCK = 7_305_118  # of PostgreSQL's advisory locks; any number that nothing else there takes


def is_up_to_date() -> bool:
    """Whether it is now. If not, a line says why; a later try may do better."""
    try:
        connection.ensure_connection()
        with _alone():
            call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, InterfaceError) as error:
        # What another kind of error says may hold what a visitor sent.
        said = f" ({' '.join(str(error).split())})" if isinstance(error, OperationalError) else ""
        print(f"the database cannot be brought up to date: {type(error).__name__}{said}", file=sys.stderr, flush=True)
        connection.close()
        return False
    return True


@contextmanager
def _alone() -> Iterator[None]:
    """Several containers may start on one server."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
