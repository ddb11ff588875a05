from django.apps import AppConfig
from django.utils.autoreload import autoreload_started


class DevelopmentConfig(AppConfig):
    """Configuration of this app, which the settings install only if DEBUG is on and django-browser-reload is available.

    `make dev` installs django-browser-reload. It must come before this app in INSTALLED_APPS.
    """

    name = "pages.development"

    def ready(self) -> None:
        from . import live_reload

        live_reload.replace_receivers()
        autoreload_started.connect(live_reload.start, dispatch_uid="pages.development")
