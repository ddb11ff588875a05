from django.apps import AppConfig
from django.utils.autoreload import autoreload_started


class DevelopmentConfig(AppConfig):
    """The settings install this app, with DEBUG only, after django-browser-reload if that is available (`make dev`)."""

    name = "pages.development"

    def ready(self) -> None:
        from . import live_reload

        live_reload.replace_receivers()
        autoreload_started.connect(live_reload.start, dispatch_uid="pages.development")
