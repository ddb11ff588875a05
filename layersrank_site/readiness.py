"""/readyz: whether the site is doing all of its work, and what needs attention."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from leads import health
from pages import atomic_files
from pages.content import content_folder
from pages.publish import content_status
from pages.publish.release import content_status_path
from pages.repository import current

# The site writes much less than this in a day, and even a small disk can have this much free space.
MIN_FREE_BYTES = 100 * 1024 * 1024

# The keys of FOLDERS are labels in `/metrics`. The values are the folders' names in messages.
BUILD, DATABASE, SPOOL = "build", "database", "spool"
FOLDERS = {BUILD: "the published pages (BUILD_DIR)", DATABASE: "the database", SPOOL: "the spool (SPOOL_DIR)"}

MAX_NAMES = 3  # A message lists at most this many files.


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 503 if `unwell` lists any problem, else 200.

    Errors in documents are only in `notes`: the site still serves those documents, and a typo must not take the site
    offline.
    """
    report = health.status()
    report["notes"] = []
    _add_disk(report)
    _add_content(report)
    return JsonResponse(report, status=503 if report["unwell"] else 200, headers={"Cache-Control": "no-store"})


def _add_disk(report: dict[str, Any]) -> None:
    """Check each folder's free space and write access.

    Write access to the spool is checked in `leads.health` instead.
    """
    free_bytes = {name: atomic_files.free_bytes(folder) for name, folder in folders().items()}
    report["disk_free_mb"] = min(free_bytes.values()) // 1024**2
    if full := [FOLDERS[name] for name, free in free_bytes.items() if free < MIN_FREE_BYTES]:
        report["unwell"].append(f"less than {MIN_FREE_BYTES // 1024**2} MB are free on the disk of {_join(full)}")
    for name, folder in folders().items():
        if name == SPOOL:
            continue
        try:
            atomic_files.check_writable(folder)
        except OSError as error:
            report["unwell"].append(f"the site cannot write to the disk of {FOLDERS[name]}: {error.strerror}")


def folders() -> dict[str, Path]:
    """Return the folders that the site writes to, by their key in FOLDERS."""
    database = settings.DATABASES["default"]
    is_sqlite = database["ENGINE"].endswith("sqlite3")
    return {
        BUILD: settings.BUILD_DIR,
        **({DATABASE: Path(database["NAME"]).parent} if is_sqlite else {}),
        SPOOL: settings.SPOOL_DIR,
    }


def _add_content(report: dict[str, Any]) -> None:
    status = content_status.read(content_status_path())
    report |= {"content_errors": status.errors, "content_warnings": status.warnings}
    stamps = content_folder.scan(settings.CONTENT_DIR)
    if not content_folder.document_paths(settings.CONTENT_DIR, stamps):
        report["unwell"].append("there are no documents in CONTENT_DIR")
    if closed := content_folder.closed_paths(settings.CONTENT_DIR, stamps):
        names = [content_folder.display_path(settings.CONTENT_DIR, path) for path in closed[:MAX_NAMES]]
        more = [f"{len(closed) - MAX_NAMES} more"] if len(closed) > MAX_NAMES else []
        report["unwell"].append(f"the site has no permission to open {_join([*names, *more])}")
    library = current.get_library()
    site_file, facts_file = library.settings, library.loaded_facts
    if site_file.is_lost:
        report["unwell"].append("site.toml can't be read, and there are no earlier settings, so pages have no header")
    elif site_file.is_outdated:
        report["notes"].append("site.toml has errors, so the site uses the last valid settings")
    if facts_file.is_lost:
        report["notes"].append(
            "facts.toml can't be read, and there are no earlier facts, so pages lack contact details"
        )
    elif facts_file.is_outdated:
        report["notes"].append("facts.toml has errors, so the site uses the last valid facts")
    if status.errors:
        report["notes"].append("documents have errors: run `manage.py check_content` to list them")


def _join(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
