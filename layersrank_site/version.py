"""/version: the commit of the code, and the hash and the revision of the content."""

import subprocess
from functools import cache

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from pages.publish import content_status
from pages.publish.release import content_status_path


def version(request: HttpRequest) -> JsonResponse:
    """Answer with `revision`, `content` and `content_revision`.

    The last two are null until the documents have been read once.
    """
    status = content_status.read(content_status_path())
    fields = {"revision": revision(), "content": status.content, "content_revision": status.revision}
    return JsonResponse(fields, headers={"Cache-Control": "no-store"})


@cache
def revision() -> str:
    """Return the commit: from the file `revision` in an image, from git in a clone, or else "unknown".

    Call this at start-up. Later, git may report a newer commit than the commit of the loaded code.
    """
    try:
        return (settings.BASE_DIR / "revision").read_text().strip()
    except OSError:
        pass
    if not (settings.BASE_DIR / ".git").exists():
        return "unknown"
    command = ["git", "rev-parse", "HEAD"]
    try:
        git = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return git.stdout.strip()
