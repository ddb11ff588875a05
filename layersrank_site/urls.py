from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from leads.views import document
from pages import crawlers, icons, views

development = (
    [path("__reload__/", include("django_browser_reload.urls"))] if apps.is_installed("django_browser_reload") else []
)

administration = [path(f"{settings.ADMIN_PATH}/", admin.site.urls)] if settings.ADMIN_PATH else []

# These take nothing, so whatever is sent to them is refused for its method (405), and needs no token before that.
answers = [
    path(address, csrf_exempt(view))
    for address, view in {
        "favicon.ico": icons.favicon,
        "site.webmanifest": icons.manifest,
        "search": views.search,
        "sitemap.xml": crawlers.sitemap,
        "robots.txt": crawlers.robots,
        "llms.txt": crawlers.llms,
    }.items()
]

urlpatterns = [
    *development,
    *administration,
    *answers,
    re_path(r"^", document),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
