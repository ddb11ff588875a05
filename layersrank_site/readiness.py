"""/readyz: whether the site does all that it is there for, and what somebody has to look at."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from leads import health
from pages import atomic_files
from pages.content import library
from pages.publish import content_status
from pages.publish.release import content_status_path

# Far more than the site writes in a day, and little enough that a small disk has it.
MIN_FREE_BYTES = 100 * 1024 * 1024


def readyz(request: HttpRequest) -> JsonResponse:
    """200 where all is well, else 503; what is not well stands in `unwell`. What is wrong with documents stands in
    `notes` alone: their pages are served, and a slip of the pen must not take the site away from its visitors."""
    report = health.status()
    report["notes"] = []
    for look in (_disk, _content):
        look(report)
    return JsonResponse(report, status=503 if report["unwell"] else 200, headers={"Cache-Control": "no-store"})


def _disk(report: dict[str, Any]) -> None:
    """The spool is looked at with the leads."""
    room = {
        name: atomic_files.free_bytes(folder)
        for name, folder in {**_folders(), "the spool": settings.SPOOL_DIR}.items()
    }
    report["disk_free_mb"] = min(room.values()) // 1024**2
    if short := [name for name, free in room.items() if free < MIN_FREE_BYTES]:
        report["unwell"].append(f"less than {MIN_FREE_BYTES // 1024**2} MB are left on the disk of {_listed(short)}")
    for name, folder in _folders().items():
        try:
            atomic_files.check_writable(folder)
        except OSError as error:
            report["unwell"].append(f"nothing can be written on the disk of {name} ({error.strerror})")


def _folders() -> dict[str, Path]:
    found = {"what is published": settings.BUILD_DIR}
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        found["the database"] = Path(database["NAME"]).parent
    return found


def _content(report: dict[str, Any]) -> None:
    counted = content_status.read(content_status_path())
    report |= {"content_errors": counted.errors, "content_warnings": counted.warnings}
    if library.is_empty(settings.CONTENT_DIR):
        report["unwell"].append("there are no documents in CONTENT_DIR")
    if counted.errors:
        report["notes"].append("documents have errors: `manage.py check_content` says which")


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
