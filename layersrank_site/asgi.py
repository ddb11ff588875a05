"""The application that gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

application = get_asgi_application()

from pages import site
from pages.publish import background

from .checks import startup

if errors := startup():
    raise ImproperlyConfigured(
        "The site does not start:\n" + "\n".join(f"  {error.msg} {error.hint}" for error in errors)
    )
site.loaded.connect(background.wake)
site.current()
