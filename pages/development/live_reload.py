"""Tells django-browser-reload when the open page is out of date.

By itself the package follows templates and static files through Django's reloader, which looks once a second, knows no
documents, and says nothing of files that are new or gone. So it keeps its script, its stream of events and its eye on
the server's restarts, and all files are looked at here. (A check would not do: one that fails ends `runserver`, and the
mend is never seen.)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep

from django.conf import settings
from django.template.autoreload import get_template_directories, reset_loaders
from django.utils.autoreload import autoreload_started, file_changed
from django_browser_reload import views as reloading

from ..content.library import Stamp

PAUSE = 0.25  # seconds between two looks
# What is told while a page reloads is lost: the stream of the page that was takes it, until a ping finds that one gone.
# So pings are more frequent than the package's one a second, and after each change there is a time to settle.
PING = 0.1
SETTLING = 0.5


def replace_receivers() -> None:
    """Takes the package's own receivers away, or each change would be told twice; quickens its pings."""
    autoreload_started.disconnect(dispatch_uid="browser_reload")
    file_changed.disconnect(dispatch_uid="browser_reload")
    reloading.PING_DELAY = PING


def start(**kwargs: object) -> None:
    """Looks for changes for as long as the development server runs."""
    Thread(target=_watch, args=(scan(),), name="watch", daemon=True).start()


def scan() -> dict[Path, Stamp]:
    """All that a page is made of, Python aside, with what tells that it changed."""
    return dict(_stamped())


def _stamped() -> Iterator[tuple[Path, Stamp]]:
    for folder in (settings.CONTENT_DIR, *settings.STATICFILES_DIRS, *get_template_directories()):
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.startswith("."):  # as an editor's own files do
                stat = path.stat()
                yield path, (stat.st_mtime_ns, stat.st_size)


def _watch(seen: dict[Path, Stamp]) -> None:
    while True:
        sleep(PAUSE)
        try:
            now = scan()
        except OSError:  # something vanished while it was looked at; the next look will do
            continue
        if now != seen:
            seen = now
            reset_loaders()  # Django remembers which templates there are, and which there are not
            reloading.trigger_reload_soon()
            sleep(SETTLING)
