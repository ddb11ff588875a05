from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from leads.views import document
from pages import crawlers, icons, views

development = (
    [path("__reload__/", include("django_browser_reload.urls"))] if apps.is_installed("django_browser_reload") else []
)

administration = (
    [
        path(settings.ADMIN_PATH, RedirectView.as_view(pattern_name="admin:index")),
        path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    ]
    if settings.ADMIN_PATH
    else []
)

urlpatterns = [
    *development,
    *administration,
    path("favicon.ico", icons.favicon),
    path("site.webmanifest", icons.manifest),
    path("search", views.search),
    path("sitemap.xml", crawlers.sitemap),
    path("robots.txt", crawlers.robots),
    path("llms.txt", crawlers.llms),
    path("speculation-rules.json", crawlers.speculation_rules),
    re_path(r"^", document),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
