from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class LayersRankSiteConfig(AppConfig):
    name = "layersrank_site"

    def ready(self) -> None:
        from . import checks  # noqa: F401  the import registers them


class LayersRankAdminConfig(AdminConfig):
    default_site = "layersrank_site.admin_site.AdminSite"
