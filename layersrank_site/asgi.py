"""The application that gunicorn serves."""

import gc
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application

inner = get_asgi_application()

from django.conf import settings
from gunicorn.arbiter import Arbiter

from pages import log
from pages.publish.manifest import ManifestReader
from pages.publish.pending_requests import PendingRequests
from pages.publish.release import (
    leader_lock_path,
    manifest_path,
    pending_requests_path,
    search_index_path,
    snapshot_path,
)
from pages.repository import current
from pages.search import service

from .checks import has_errors
from .middleware import constant_headers
from .serving import publisher_supervisor
from .serving.body_limit import limit_bodies
from .serving.front import Front
from .serving.request_log import log_requests
from .version import revision

if not settings.DEBUG:
    log.configure()

if has_errors():
    sys.exit(Arbiter.WORKER_BOOT_ERROR)  # which gunicorn ends with, and does not try again
django = limit_bodies(inner, settings.LARGEST_BODY, constant_headers)
if settings.DEBUG:  # drafts are shown, so nothing is made ahead
    application = django
else:
    current.follow_snapshot(snapshot_path())
    service.follow_index(search_index_path())
    # Behind the front a line for each request costs nothing; before it, more than half of what a worker can do.
    behind = django if settings.ACCESS_LOG else log_requests(django)
    front = Front(
        behind, ManifestReader(manifest_path()), settings.ALLOWED_HOSTS, PendingRequests(pending_requests_path()).note
    )
    application = log_requests(front) if settings.ACCESS_LOG else front
    publisher_supervisor.start(leader_lock_path())
current.get_library()
revision()

# What was loaded is for good: the collector of garbage need not look at it again and again.
gc.collect()
gc.freeze()
