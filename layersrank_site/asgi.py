"""The application that gunicorn serves."""

import gc
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application

inner = get_asgi_application()

from django.conf import settings
from gunicorn.arbiter import Arbiter

from pages import finding, log, site
from pages.publish.asks import Asks
from pages.publish.publisher import asks_path, catalog_path, lock_path, table_path, words_path
from pages.publish.table import Following

from . import publishing
from .checks import is_refused
from .front import Front
from .limits import limit_bodies
from .middleware import constant_headers
from .request_log import logged
from .version import revision

if not settings.DEBUG:
    log.begin()

if is_refused():
    sys.exit(Arbiter.WORKER_BOOT_ERROR)  # which gunicorn ends with, and does not try again
django = limit_bodies(inner, settings.LARGEST_BODY, constant_headers)
if settings.DEBUG:  # drafts are shown, so nothing is made ahead
    application = django
else:
    site.follow(catalog_path())
    finding.follow(words_path())
    # Behind the front a line for each request costs nothing; before it, more than half of what a worker can do.
    behind = django if settings.ACCESS_LOG else logged(django)
    front = Front(behind, Following(table_path()), settings.ALLOWED_HOSTS, Asks(asks_path()).note)
    application = logged(front) if settings.ACCESS_LOG else front
    publishing.start(lock_path())
site.current()
revision()

# What was loaded is for good: the collector of garbage need not look at it again and again.
gc.collect()
gc.freeze()
