"""The site with one address more, at which it breaks over what the visitor sent. For gunicorn, by the tests."""

from django.urls import path

from layersrank_site.asgi import application as application  # isort: skip
from layersrank_site import urls


def broken(request):
    try:
        raise ValueError(request.GET["email"])
    except ValueError:
        return 1 / 0


urls.urlpatterns.insert(0, path("broken", broken))
