"""The release's fingerprint, and the paths of its files."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import django
from django.conf import settings

# A release's fingerprint includes these settings, because they change pages. Code, templates, styles and requirements
# are hashed as files.
_SETTINGS = (
    "SITE_URL",
    "ALLOWED_HOSTS",
    "CONTENT_DIR",
    "MAX_DOCUMENT_BYTES",
    "STATIC_URL",
    "HSTS_SECONDS",
    "MIDDLEWARE",
    "INSTALLED_APPS",
    "NEGOTIATE_MARKDOWN",
    "LLMS_FULL_BYTES",
)


@cache
def fingerprint() -> str:
    """Return a hash of everything that responses depend on, except documents.

    Two processes have the same fingerprint if and only if they render the same responses from the same documents.
    Computed once, in a few milliseconds.
    """
    hashed = sha256(repr((sys.version, django.VERSION, [getattr(settings, name) for name in _SETTINGS])).encode())
    for path in _source_files(settings.BASE_DIR):
        hashed.update(f"\0{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


def _source_files(base: Path) -> list[Path]:
    packages = [path for path in base.iterdir() if (path / "__init__.py").is_file() and path.name != "tests"]
    code = [path for package in packages for path in package.rglob("*.py")]
    assets = [path for folder in (base / "templates", base / "static") for path in folder.rglob("*") if path.is_file()]
    return sorted([*code, *assets, base / "requirements.txt"])


def folder() -> Path:
    """Return the directory for this release's files. Each release has its own directory."""
    build_dir: Path = settings.BUILD_DIR
    return build_dir / "releases" / fingerprint()


def manifest_path() -> Path:
    return folder() / "manifest"


def snapshot_path() -> Path:
    return folder() / "snapshot"


def stored_pages_path() -> Path:
    return folder() / "parsed-pages"


def search_index_path() -> Path:
    return folder() / "search-index"


def pending_requests_path() -> Path:
    return folder() / "pending-requests"


def content_status_path() -> Path:
    return folder() / "content-status"


def document_reports_path() -> Path:
    return folder() / "document-reports"


def leader_lock_path() -> Path:
    return folder() / "lock"
