"""gunicorn's settings, in development machines and in production alike."""

import os
from pathlib import Path

wsgi_app = "layersrank_site.asgi:application"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Pages are to be answered ahead of Django by an ASGI application; Django's own pages lose nothing by it.
worker_class = "asgi"
# Django's ASGI application answers no lifespan messages.
asgi_lifespan = "off"

# A container is killed ten seconds after it is told to stop; an idle connection must not hold it that long.
graceful_timeout = 8

# Heartbeats are files: in memory they cannot be held up by a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# Nothing here uses the control socket, and it would write under the home folder.
control_socket_disable = True
