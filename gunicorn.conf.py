"""gunicorn's settings, for development machines and production.

The table shows the throughput of one worker, in requests per second of its CPU time (so other load doesn't matter). wrk
requested a page of 11.5 kB with 14 headers over 16 connections, in five alternating runs of each configuration. Each
row names the worker, the event loop and the HTTP parser.

    uvicorn's worker, uvloop, httptools, all extras off      32,300
    uvicorn's worker with its defaults (proxy headers on)    28,900
    gunicorn's own, uvloop, gunicorn_h1c (needs a compiler)  24,600
    uvicorn's worker, asyncio, httptools                     24,000
    gunicorn's own, uvloop, its parser in Python             22,400
    gunicorn's own, asyncio, its parser in Python            18,500
    uvicorn's worker, asyncio, h11                            8,800
"""

import asyncio
import os
import runpy
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger as GunicornLogger
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

# Run pages/log.py instead of importing it. Workers inherit the master's imports, so after a SIGHUP they would keep the
# old code.
stderr_formatter = runpy.run_path(str(Path(__file__).parent / "pages" / "log.py"))["stderr_formatter"]

# How long a stopping worker waits for the first request on an open connection, in seconds.
FIRST_REQUEST_TIMEOUT = 1


class Protocol(HttpToolsProtocol):
    def shutdown(self) -> None:
        """Keep a connection open a little longer if no request has arrived on it yet.

        A proxy may already be sending a form on it. If the connection closed, the form would be lost: a proxy doesn't
        send a form again to another replica.
        """
        if self.cycle is None:
            self.loop.call_later(FIRST_REQUEST_TIMEOUT, super().shutdown)
        else:
            super().shutdown()


class DrainingServer(Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain the accept backlog before closing the listeners; otherwise the kernel resets those connections."""
        loop = asyncio.get_running_loop()

        def make_protocol() -> Protocol:
            return Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

        backlog = []
        for listener in sockets or []:
            with suppress(OSError):  # the backlog is empty, or the process has too many open files
                while True:
                    backlog.append(listener.accept()[0])
        for server in self.servers:
            server.close()
        for connection in backlog:
            with suppress(OSError):  # the client has disconnected
                await loop.connect_accepted_socket(make_protocol, connection)
        await super().shutdown()


class Worker(UvicornWorker):  # type: ignore[misc]  # uvicorn_worker has no types
    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",  # uvloop has 1.3 times the throughput of asyncio's loop.
        "http": Protocol,  # httptools has 3.7 times the throughput of h11.
        "interface": "asgi3",
        "lifespan": "off",  # the site doesn't use ASGI's start-up and shutdown events
        "ws": "none",
        # If proxy_headers were on, uvicorn would trust the forwarded address and scheme from any client. Turning
        # it off also gives 1.1 times the throughput.
        "proxy_headers": False,
        "server_header": False,
        "timeout_notify": 1,  # seconds
    }

    async def _serve(self) -> None:
        """Do the same as the overridden method, but with DrainingServer."""
        self.config.app = self.wsgi
        self._install_sigquit_handler()
        server = DrainingServer(config=self.config)
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    async def callback_notify(self) -> None:
        """Stop if the master process was killed. Otherwise this worker would hold the port."""
        await super().callback_notify()
        if os.getppid() != self.ppid:
            os.kill(os.getpid(), signal.SIGTERM)


class Logger(GunicornLogger):
    """Formats gunicorn's log lines like the site's.

    It formats the master's lines, and each worker's lines until that worker has loaded the site.
    """

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(stderr_formatter())


wsgi_app = "layersrank_site.asgi:application"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = Worker
logger_class = Logger

# Each worker uses one core. With two workers, one still serves while the other restarts.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# In seconds. nginx keeps idle connections to the site for 60 s. The site must keep them longer, or nginx could send a
# request on a closed connection.
keepalive = 75

# Docker kills a container 10 s after SIGTERM. A running request gets up to 7 s, then the worker ends within a second.
# Idle connections are closed at once, or after FIRST_REQUEST_TIMEOUT if they had no request yet.
graceful_timeout = 7

# Off: nothing uses the control socket, and gunicorn would create it in the home directory.
control_socket_disable = True

# Don't set preload_app: after a SIGHUP, the master couldn't load new code, because its modules are already imported.
