"""The application that gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

django = get_asgi_application()

from django.conf import settings

from pages import site
from pages.publish import background
from pages.publish.publisher import lock_path, table_path
from pages.publish.table import Following

from . import publishing
from .checks import startup
from .front import Front

if errors := startup():
    raise ImproperlyConfigured(
        "The site does not start:\n" + "\n".join(f"  {error.msg} {error.hint}" for error in errors)
    )
site.loaded.connect(background.wake)
site.current()

# Drafts are shown in development, so there nothing is made ahead.
application = django if settings.DEBUG else Front(django, Following(table_path()), settings.ALLOWED_HOSTS)
if not settings.DEBUG:
    publishing.start(lock_path())
