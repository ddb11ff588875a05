"""The database that a URL names."""

from typing import Any

import dj_database_url


def parse_database(url: str) -> dict[str, Any]:
    """Return the configuration of the database at `url`.

    If the URL is invalid, or names an in-memory database or an unsupported kind of database, return Django's dummy
    backend. The start-up checks reject that backend.
    """
    try:
        database = dict(dj_database_url.parse(url))
    except (ValueError, LookupError):
        database = {}
    name = str(database.get("NAME", "") if "://" in url else "")
    is_persistent = bool(name) and ":memory:" not in name
    is_supported = database.get("ENGINE") in ("django.db.backends.sqlite3", "django.db.backends.postgresql")
    return database if is_persistent and is_supported else {"ENGINE": "django.db.backends.dummy"}
