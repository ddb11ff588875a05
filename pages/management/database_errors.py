"""If a command can't use the database, print a short message in place of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import Error


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn errors of the database in the `with` block into a CommandError that says what to do.

    The database's own message is left out, because it may quote a visitor.
    """
    try:
        yield
    except Error as error:
        raise CommandError(
            f"the database can't be used ({type(error).__name__}). Check DATABASE_URL, and that “manage.py migrate” "
            "has run. Then try again"
        ) from error
