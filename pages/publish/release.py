"""Which release of the site this is: all that its answers are made of, documents aside."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import django
from django.conf import settings

# What answers depend on beside code, templates and styles.
_SETTINGS = ("SITE_URL", "ALLOWED_HOSTS", "CONTENT_DIR", "STATIC_URL", "HSTS_SECONDS", "MIDDLEWARE", "INSTALLED_APPS")


@cache
def fingerprint() -> str:
    """The same for two processes exactly if they answer alike. Takes a few milliseconds, once."""
    hashed = sha256(repr((sys.version, django.VERSION, [getattr(settings, name) for name in _SETTINGS])).encode())
    for path in _files(settings.BASE_DIR):
        hashed.update(f"\0{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


def _files(base: Path) -> list[Path]:
    folders = [path for path in base.iterdir() if (path / "__init__.py").is_file() and path.name != "tests"]
    code = [path for folder in folders for path in folder.rglob("*.py")]
    shown = [path for folder in (base / "templates", base / "static") for path in folder.rglob("*") if path.is_file()]
    return sorted([*code, *shown, base / "requirements.txt"])


def folder() -> Path:
    """Where the table of this release stands, its catalog, and the lock of whoever writes them: what another release
    would answer is not in it."""
    folder: Path = settings.BUILD_DIR
    return folder / "tables" / fingerprint()


def manifest_path() -> Path:
    return folder() / "table"


def snapshot_path() -> Path:
    return folder() / "catalog"


def search_index_path() -> Path:
    return folder() / "words"


def pending_requests_path() -> Path:
    return folder() / "asks"


def content_status_path() -> Path:
    return folder() / "tally"


def leader_lock_path() -> Path:
    return folder() / "lock"
