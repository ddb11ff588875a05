"""Commands report errors of the database without a traceback, and without the error's text."""

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

COMMANDS = [
    ("preview_link", "--list"),
    ("preview_link", "--revoke-all"),
    ("delete_leads", "--older-than", "24m"),
    ("export_leads",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_error_is_reported_with_what_to_do(monkeypatch, command, error):
    def fail(*arguments, **options):
        raise error("no such table")

    for name in ("delete", "iterator", "update", "__iter__"):
        monkeypatch.setattr(QuerySet, name, fail)
    message = rf"^the database can't be used \({error.__name__}\)\. Check DATABASE_URL, .*migrate.* Then try again$"
    with pytest.raises(CommandError, match=message):
        call_command(*command)
