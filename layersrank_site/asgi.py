"""The ASGI application that gunicorn serves."""

import gc
import os
import sys
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from asgiref.typing import ASGI3Application
from django.conf import settings
from gunicorn.arbiter import Arbiter

from leads.database_timeout import limit_all_statements
from pages import error_tracker, log
from pages.content_admin import missing_addresses
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

from . import privacy_notice
from .checks import has_errors
from .metrics.metrics_view import start_counting
from .metrics.request_counters import count_requests
from .middleware import constant_headers
from .serving import publisher_supervisor
from .serving.admission import admit_in_turns
from .serving.body_limit import limit_bodies
from .serving.content_type import drop_content_type_parameters
from .serving.front import Front
from .serving.host_check import check_host
from .serving.nginx_cache import instruct_nginx
from .serving.request_log import log_requests
from .version import revision

if not settings.DEBUG:
    log.configure()
    error_tracker.start(settings.SENTRY_DSN, revision)

if has_errors():
    sys.exit(Arbiter.WORKER_BOOT_ERROR)  # with this status, gunicorn stops instead of restarting the worker

# The cast is needed because the messages of ASGIHandler are plain dicts in django-stubs.
django = drop_content_type_parameters(cast("ASGI3Application", django_application))
if not settings.DEBUG:  # in development, requests don't wait for a slot
    django = admit_in_turns(django, constant_headers)
# Apply the body limit first, so that a request waits for a slot only after its whole body has arrived.
django = limit_bodies(django, settings.MAX_BODY_BYTES, constant_headers)
django = check_host(django, settings.ALLOWED_HOSTS, constant_headers)
application: ASGI3Application
if settings.DEBUG:  # drafts are shown, so Django renders each page on request
    application = django
else:
    current.follow_snapshot(snapshot_path())
    service.follow_index(search_index_path())
    # `Front` serves most requests without Django. By default, only requests that reach Django are logged. With
    # ACCESS_LOG, every request is logged, which costs over half of a worker's throughput.
    behind_front = django if settings.ACCESS_LOG else log_requests(django)
    counters = start_counting()
    front = Front(
        count_requests(behind_front, counters.add, settings.ADMIN_PATH),
        ManifestReader(manifest_path(), current.is_ahead_of_publisher),
        settings.ALLOWED_HOSTS,
        PendingRequests(pending_requests_path()).add,
        counters.prebuilt,
    )
    application = log_requests(front) if settings.ACCESS_LOG else front
    if settings.NGINX_CACHE_URL:
        application = instruct_nginx(application)
    publisher_supervisor.start(leader_lock_path())
    missing_addresses.save_regularly()
limit_all_statements(seconds=30)  # nginx waits this long for a response
current.get_library()
privacy_notice.warn_about_error_tracker(settings.SENTRY_DSN)
revision()

# The process never frees the objects loaded up to this point, so exclude them from garbage collection.
gc.collect()
gc.freeze()
