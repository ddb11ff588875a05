from django.apps import AppConfig
from django.utils.autoreload import autoreload_started


class DevelopmentConfig(AppConfig):
    """Installed after django-browser-reload, where that is: with DEBUG, by `make dev`."""

    name = "pages.development"

    def ready(self) -> None:
        from . import watch

        watch.take_over()
        autoreload_started.connect(watch.start, dispatch_uid="pages.development")
