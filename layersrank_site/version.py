"""Which site this is: the code by its revision, and the content by its hash."""

import subprocess
from functools import cache

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from pages.publish import content_status
from pages.publish.release import content_status_path


def version(request: HttpRequest) -> JsonResponse:
    """`content` is null until it has been read for the first time."""
    found = {"revision": revision(), "content": content_status.read(content_status_path()).content}
    return JsonResponse(found, headers={"Cache-Control": "no-store"})


@cache
def revision() -> str:
    """The commit: an image has it in a file, a clone in git. Asked for when the site starts, since git knows only what
    is there now."""
    try:
        return (settings.BASE_DIR / "revision").read_text().strip()
    except OSError:
        pass
    if not (settings.BASE_DIR / ".git").exists():
        return "unknown"
    command = ["git", "rev-parse", "HEAD"]
    try:
        asked = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return asked.stdout.strip()
