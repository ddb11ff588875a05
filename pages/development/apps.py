import os
import sys

from django.apps import AppConfig
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV, autoreload_started

from ..end_with_parent import end_with_parent

# runserver serves the site in a child process, and starts a new child process after each change to the code. This
# environment variable tells the child its parent's process ID.
RELOADER_VARIABLE = "RELOADER_PROCESS_ID"


class DevelopmentConfig(AppConfig):
    """Configuration of this app, which the settings install only if DEBUG is on and django-browser-reload is available.

    `make dev` installs django-browser-reload. In INSTALLED_APPS, django-browser-reload must come before this app.
    """

    name = "pages.development"

    def ready(self) -> None:
        from . import live_reload

        live_reload.replace_receivers()
        autoreload_started.connect(live_reload.start, dispatch_uid="pages.development")
        if sys.argv[1:2] == ["runserver"]:
            _end_with_reloader()


def _end_with_reloader() -> None:
    """Let runserver's child process end with its parent. Otherwise, the child would keep the port."""
    if os.environ.get(DJANGO_AUTORELOAD_ENV) == "true":
        end_with_parent(int(os.environ.get(RELOADER_VARIABLE) or os.getppid()))
    else:
        os.environ[RELOADER_VARIABLE] = str(os.getpid())
