"""Brings the database to where this release needs it. Pages need none, so the site starts without it too."""

import logging

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)


def is_up_to_date(*, is_told: bool = False) -> bool:
    """Whether it is now. If not, a line says why, unless that `is_told` already; a later try may do better."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, InterfaceError) as error:
        # What another kind of error says may hold what a visitor sent.
        said = f": {' '.join(str(error).split())}" if isinstance(error, OperationalError) else ""
        if not is_told:
            logger.error("the database is not brought up to date yet: %s%s", type(error).__name__, said)
        return False
    finally:
        connection.close()
    return True
