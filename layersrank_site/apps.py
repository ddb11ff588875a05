from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class LayersRankSiteConfig(AppConfig):
    name = "layersrank_site"

    def ready(self) -> None:
        from . import checks  # noqa: F401  the import registers the checks
        from .user_groups import create_groups

        post_migrate.connect(create_groups)


class LayersRankAdminConfig(AdminConfig):
    default_site = "layersrank_site.admin_site.AdminSite"
