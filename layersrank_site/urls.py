"""URL configuration. A path that isn't listed here is looked up as the URL of a document."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from layersrank_site.checks import INDEXNOW_KEY_PATTERN
from leads.views import document
from pages.content_admin import calendar_feed
from pages.http import crawler_files, views, web_manifest
from pages.http.llms_full import llms_full
from pages.http.security_txt import security_txt
from pages.previews.preview_view import preview

development_urls = (
    [
        path("__reload__/", include("django_browser_reload.urls")),
        path("__edit__/", include("pages.development.editor.urls")),
    ]
    if apps.is_installed("pages.development")
    else []
)

admin_urls = (
    [
        path(settings.ADMIN_PATH, RedirectView.as_view(pattern_name="admin:index")),
        path(f"{settings.ADMIN_PATH}/", admin.site.urls),
        path(calendar_feed.PATH.lstrip("/"), calendar_feed.planned),
    ]
    if settings.ADMIN_PATH
    else []
)

key_urls = (
    [path(f"{settings.INDEXNOW_KEY}.txt", crawler_files.indexnow_key)]
    if INDEXNOW_KEY_PATTERN.fullmatch(settings.INDEXNOW_KEY)
    else []
)

urlpatterns = [
    *development_urls,
    *admin_urls,
    *key_urls,
    path("favicon.ico", web_manifest.favicon),
    path("site.webmanifest", web_manifest.manifest),
    path("search", views.search),
    path("sitemap.xml", crawler_files.sitemap),
    path("robots.txt", crawler_files.robots),
    path("llms.txt", crawler_files.llms),
    path("llms-full.txt", llms_full),
    path("facts.json", crawler_files.facts_json),
    path(".well-known/security.txt", security_txt),
    path("preview/<token>", preview, {"document": document, "path": ""}),
    path("preview/<token>/", preview, {"document": document, "path": ""}),
    path("preview/<token>/<path:path>", preview, {"document": document}),
    re_path(r"^", document),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
