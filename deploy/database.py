"""Database migration at start-up. If it fails, the site starts anyway: pages need no database."""

import logging

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

logger = logging.getLogger(__name__)


def migrate(*, log_failure: bool = True) -> bool:
    """Migrate the database. If that fails, log the reason and return False. A later attempt may succeed."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, InterfaceError, InconsistentMigrationHistory) as error:
        # Log only the texts of these errors. The text of another error may contain visitor data.
        is_safe = isinstance(error, OperationalError | InconsistentMigrationHistory)
        reason = f": {' '.join(str(error).split())}" if is_safe else ""
        if log_failure:
            logger.error("the database is not migrated yet: %s%s", type(error).__name__, reason)
        return False
    finally:
        connection.close()
    return True
