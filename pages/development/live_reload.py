"""Live reload: makes django-browser-reload reload the open page when a document, template or static file changes.

By default, django-browser-reload gets changes from Django's reloader. That reloader polls once a second, doesn't watch
documents, and misses new and deleted files. So this module watches all files itself. django-browser-reload still
provides the script, the event stream and the detection of server restarts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep

from django.conf import settings
from django.template.autoreload import get_template_directories, reset_loaders
from django.utils.autoreload import autoreload_started, file_changed
from django_browser_reload import views as browser_reload

from ..content import content_folder
from ..content.content_folder import Stamp

POLL_SECONDS = 0.25
# A reload message is lost if it is sent while the page reloads, because the message goes to the old page's event
# stream. This stream stays open until a ping detects that the old page is gone. So ping more often than
# django-browser-reload, which pings once a second. Also pause after each change, until the page has reloaded.
PING_SECONDS = 0.1
PAUSE_SECONDS = 0.5


def replace_receivers() -> None:
    """Disconnect django-browser-reload's own receivers, which would report each change a second time.

    Also shorten the interval of its pings.
    """
    autoreload_started.disconnect(dispatch_uid="browser_reload")
    file_changed.disconnect(dispatch_uid="browser_reload")
    browser_reload.PING_DELAY = PING_SECONDS


def start(**kwargs: object) -> None:
    """Start a thread that watches for changes."""
    Thread(target=_watch, args=(scan(),), name="live-reload", daemon=True).start()


def scan() -> dict[Path, Stamp]:
    """Return the stamps of all documents, templates and static files, keyed by path.

    Files whose names start with a period are left out, because editors use such names for temporary files.
    """
    return dict(_stamps())


def _stamps() -> Iterator[tuple[Path, Stamp]]:
    for folder in (settings.CONTENT_DIR, *settings.STATICFILES_DIRS, *get_template_directories()):
        yield from content_folder.scan(folder).items()


def _watch(stamps: dict[Path, Stamp]) -> None:
    while True:
        sleep(POLL_SECONDS)
        new_stamps = scan()
        if new_stamps != stamps:
            stamps = new_stamps
            reset_loaders()  # forget Django's cache of found and missing templates
            browser_reload.trigger_reload_soon()
            sleep(PAUSE_SECONDS)
