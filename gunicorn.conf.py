"""gunicorn's settings, in development machines and in production alike.

Measured with wrk on one worker, a page of 11.5 kB with 14 headers, 16 connections, five runs of each in turn; requests
for each second of the worker's processor, which a busy machine leaves alone:

    uvicorn's worker, uvloop, httptools, nothing else on     32,300
    uvicorn's worker as it comes (proxy headers on)          28,900
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
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger as PlainLogger
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

# Run and not imported: what the master has imported its workers would keep, whatever code a HUP brings.
JsonFormatter = runpy.run_path(str(Path(__file__).parent / "pages" / "log.py"))["JsonFormatter"]

# How long a connection that is open when the worker is told to stop, and was not asked anything, may still be.
LAST_CALL = 1  # seconds


class Protocol(HttpToolsProtocol):
    def shutdown(self) -> None:
        """Whoever has just connected is about to ask: a proxy that sent a form does not send it again elsewhere."""
        if self.cycle is None:
            self.loop.call_later(LAST_CALL, super().shutdown)
        else:
            super().shutdown()


class LastCall(Server):
    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        """Takes in those who wait to be, whom the system would turn away when nobody listens any more."""
        loop = asyncio.get_running_loop()

        def protocol() -> Protocol:
            return Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

        waiting = []
        for listener in sockets or []:
            with suppress(OSError):  # nobody waits any more, or there is no room for one more
                while True:
                    waiting.append(listener.accept()[0])
        for server in self.servers:
            server.close()
        for each in waiting:
            with suppress(OSError):  # one who is gone
                await loop.connect_accepted_socket(protocol, each)
        await super().shutdown()


class Worker(UvicornWorker):
    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",  # 1.3 times asyncio's
        "http": Protocol,  # httptools: 3.7 times h11
        "interface": "asgi3",
        "lifespan": "off",  # nothing of the site begins or ends with the server
        "ws": "none",
        # It would take the sender's address, and whether it was https, from headers that anyone can send. 1.1 times.
        "proxy_headers": False,
        "server_header": False,
        "timeout_notify": 1,  # seconds
    }

    async def _serve(self) -> None:
        """As uvicorn's own, but for the server."""
        self.config.app = self.wsgi
        self._install_sigquit_handler()
        server = LastCall(config=self.config)
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    async def callback_notify(self) -> None:
        """Ends the worker of a master that was killed: it would hold the port from those who come next."""
        await super().callback_notify()
        if os.getppid() != self.ppid:
            os.kill(os.getpid(), signal.SIGTERM)


class Logger(PlainLogger):
    """The master's lines, and a worker's until the site is loaded, which has the same for them."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())


wsgi_app = "layersrank_site.asgi:application"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = Worker
logger_class = Logger

# One for each core: a worker is one loop. Two also serve on while one of them starts anew.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Longer than a proxy keeps its connections to the site (nginx: 60 s), or it would send requests into closed ones.
keepalive = 75

# A container is killed ten seconds after it is told to stop. Connections that were used are closed at once, others
# after LAST_CALL; a request that runs may take so long, and the worker then ends within a second.
graceful_timeout = 7

# Nothing here uses the control socket, and it would write under the home folder.
control_socket_disable = True

# Without preload_app: a HUP is to bring new code, and a process that has loaded it once never loads it again.
