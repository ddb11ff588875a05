"""The application that gunicorn serves."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

inner = get_asgi_application()

from django.conf import settings

from pages import finding, site
from pages.publish.asks import Asks
from pages.publish.publisher import asks_path, catalog_path, lock_path, table_path, words_path
from pages.publish.table import Following

from . import publishing
from .checks import startup
from .front import Front
from .limits import limit_bodies
from .middleware import constant_headers

if errors := startup():
    raise ImproperlyConfigured(
        "The site does not start:\n" + "\n".join(f"  {error.msg} {error.hint}" for error in errors)
    )
django = limit_bodies(inner, settings.LARGEST_BODY, constant_headers)
if settings.DEBUG:  # drafts are shown, so nothing is made ahead
    application = django
else:
    site.follow(catalog_path())
    finding.follow(words_path())
    application = Front(django, Following(table_path()), settings.ALLOWED_HOSTS, Asks(asks_path()).note)
    publishing.start(lock_path())
site.current()

# What was loaded is for good: the collector of garbage need not look at it again and again.
gc.collect()
gc.freeze()
