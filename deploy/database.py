"""Brings the database to where this release needs it. Pages need none, so the site starts without it too."""

import sys

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection

LOCK = 7_305_118  # of PostgreSQL's advisory locks; any number that nothing else there takes


def is_up_to_date() -> bool:
    """Whether it is now. If not, a line says why; a later try may do better."""
    try:
        connection.ensure_connection()
        if not _is_ours():
            _say("another process does it")
            return False
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        _say(" ".join(str(error).split()))
    except (DatabaseError, InterfaceError) as error:
        _say(type(error).__name__)  # its text may hold what a visitor sent
    else:
        return True
    finally:
        connection.close()  # and with it the lock is free
    return False


def _is_ours() -> bool:
    """Several containers may start on one server, and one of them is to do it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _say(reason: str) -> None:
    print(f"the database is not brought up to date yet: {reason}", file=sys.stderr, flush=True)
