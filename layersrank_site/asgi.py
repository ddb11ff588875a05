"""The application that gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

inner = get_asgi_application()

from django.conf import settings

from pages import site
from pages.publish import background

from .checks import startup
from .limits import limit_bodies
from .middleware import constant_headers

if errors := startup():
    raise ImproperlyConfigured(
        "The site does not start:\n" + "\n".join(f"  {error.msg} {error.hint}" for error in errors)
    )
site.loaded.connect(background.wake)
site.current()
application = limit_bodies(inner, settings.LARGEST_BODY, constant_headers)
