from django.apps import AppConfig


class LayersRankSiteConfig(AppConfig):
    name = "layersrank_site"

    def ready(self) -> None:
        from . import checks  # noqa: F401  the import registers them
