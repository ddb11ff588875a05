"""The site plus the URL /broken, which raises an exception with a visitor's data. For tests with gunicorn."""

from django.urls import path

from layersrank_site.asgi import application as application  # isort: skip
from layersrank_site import urls


def broken(request):
    try:
        raise ValueError(request.GET["email"])
    except ValueError:
        return 1 / 0


urls.urlpatterns.insert(0, path("broken", broken))
