"""gunicorn's settings, for development machines and production.

The table shows how many requests one worker answers in one second of its CPU time, so other load doesn't matter. wrk
requested a page of 11.5 kB with 14 headers over 16 connections, in five alternating runs of each configuration. Each
row names the worker, the event loop and the HTTP parser.

    uvicorn's worker, uvloop, httptools, all extras off         32,300
    uvicorn's worker with its defaults (proxy headers on)       28,900
    gunicorn's worker, uvloop, gunicorn_h1c (needs a compiler)  24,600
    uvicorn's worker, asyncio, httptools                        24,000
    gunicorn's worker, uvloop, gunicorn's Python parser         22,400
    gunicorn's worker, asyncio, gunicorn's Python parser        18,500
    uvicorn's worker, asyncio, h11                               8,800
"""

import asyncio
import ctypes
import os
import re
import runpy
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger as GunicornLogger
from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

# Run pages/log.py instead of importing it. Workers inherit the master's imports, so workers would keep the old code
# after a SIGHUP.
stderr_formatter = runpy.run_path(str(Path(__file__).parent / "pages" / "log.py"))["stderr_formatter"]

# How long a stopping worker waits for the first request on an open connection, in seconds.
FIRST_REQUEST_TIMEOUT = 1

# The maximum size of a request's first line and headers together, in bytes. nginx passes on at most half of this size.
MAX_HEADER_BYTES = 64 * 1024

HEADERS_TOO_LARGE = b"The headers of this request are larger than this site accepts.\n"

# Matches a request target in absolute form, which clients normally send only to proxies. The first group is the
# authority. The second group is the path with the query.
ABSOLUTE_FORM = re.compile(rb"https?://([^/?#]*)([^#]*)", re.IGNORECASE)

# After refusing a request, the server keeps reading from the connection for this many seconds. If the server closed the
# connection at once, a client that is still sending could lose the response (RFC 9112, 9.6).
LINGER_SECONDS = 1


class Cycle(RequestResponseCycle):
    """Sends the headers of a stored response in one piece.

    `JoinedHeaders` in layersrank_site/serving/prepared_response.py has joined these headers already. uvicorn would
    check and join them again, which takes a quarter of the request's processor time.
    """

    async def send(self, message: Any) -> None:
        joined = None if self.response_started else getattr(message.get("headers"), "joined", None)
        if joined is None or self.access_log or self.flow.write_paused or self.disconnected or not self.keep_alive:
            await RequestResponseCycle.send(self, message)  # super() is slower
            return
        self.response_started, self.waiting_for_100_continue = True, False
        self.chunked_encoding, self.expected_content_length = False, message["headers"].content_length
        lines = [STATUS_LINE[message["status"]]]
        for name, value in self.default_headers:
            lines += (name, b": ", value, b"\r\n")
        self.transport.write(b"".join([*lines, joined]))


httptools_impl.RequestResponseCycle = Cycle  # type: ignore[misc]  # there is no option for this class


class Protocol(HttpToolsProtocol):
    """Parses HTTP. Limits the size of headers, and drops trailers.

    The connection ends after the response to a request with an Upgrade header. The host of an absolute request target
    replaces the Host header.
    """

    is_careful = False  # True while a request is incomplete, and after a request was refused
    is_closing = False
    received = 0  # How many bytes of unfinished headers or trailers have arrived.

    def data_received(self, data: bytes) -> None:
        """Parse `data`. Check the size of headers only if `data` is large, or ends before the headers are complete."""
        if self.is_careful or len(data) > MAX_HEADER_BYTES:
            self.receive_carefully(data)
            return
        previous = self.cycle
        HttpToolsProtocol.data_received(self, data)  # super() is slower
        if self.cycle is previous or self.cycle.scope is not self.scope:
            is_only_headers = self.cycle is previous and (self.cycle is None or self.cycle.scope is not self.scope)
            self.is_careful, self.received = True, len(data) if is_only_headers else 0

    def receive_carefully(self, data: bytes) -> None:
        if self.is_closing:
            return
        previous, self.app = self.cycle, self.check_headers
        self.received += len(data)
        super().data_received(data)
        self.app = self.config.loaded_app
        if self.cycle is not previous:
            self.is_careful, self.received = self.is_closing or self.cycle.scope is not self.scope, 0
        elif self.received > MAX_HEADER_BYTES and not self.transport.is_closing():
            self.refuse_unfinished_headers()

    def on_headers_complete(self) -> None:
        if not self.url.startswith(b"/"):
            self.use_host_of_target()
        HttpToolsProtocol.on_headers_complete(self)

    def use_host_of_target(self) -> None:
        """Replace the Host header with the host of an absolute target (RFC 9112, 3.2.2).

        uvicorn would drop the target's host. A target that is neither absolute nor a path, such as `*`, gets an empty
        host, so the site answers 400 (3.2.3 and 3.2.4).
        """
        target = ABSOLUTE_FORM.fullmatch(self.url)
        host, path = target.groups() if target else (b"", b"")
        self.url = path if path.startswith(b"/") else b"/" + path
        self.headers[:] = [(name, host if name == b"host" else value) for name, value in self.headers]

    def on_chunk_header(self) -> None:
        # uvicorn appends trailers to `self.headers`. Use a new list, so that trailers don't become request headers.
        self.headers = []

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self.received = 0

    async def check_headers(self, scope: Any, receive: Any, send: Any) -> None:
        size = len(scope["raw_path"]) + len(scope["query_string"])
        size += sum(len(name) + len(value) + 4 for name, value in scope["headers"])  # 4 bytes: “: ” and a line break
        if size <= MAX_HEADER_BYTES:
            await self.config.loaded_app(scope, receive, send)
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(HEADERS_TOO_LARGE))]
        await send({"type": "http.response.start", "status": 431, "headers": [*headers, (b"connection", b"close")]})
        await send({"type": "http.response.body", "body": HEADERS_TOO_LARGE})

    def refuse_unfinished_headers(self) -> None:
        self.is_careful = self.is_closing = True
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(HEADERS_TOO_LARGE), HEADERS_TOO_LARGE)
        )
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as if there were no Upgrade header, then close the connection (RFC 9110, 7.8).

        Otherwise, a client could smuggle a request past the proxy: httptools doesn't read the body of a request with an
        Upgrade header, so it would parse the body as the next request.
        """
        self.is_careful = self.is_closing = True
        self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Close the connection when the server stops.

        If no request has arrived on the connection yet, wait a little first.

        A proxy may already be sending a form on the connection. Closing the connection would lose the form, since a
        proxy doesn't send a form again to another replica.
        """
        if self.cycle is None:
            self.loop.call_later(FIRST_REQUEST_TIMEOUT, super().shutdown)
        else:
            super().shutdown()


class DrainingServer(Server):
    async def on_tick(self, counter: int) -> bool:
        """Send heartbeats even after the clock is set back.

        uvicorn would send no heartbeat until the clock passes the time of the last heartbeat again. gunicorn kills a
        worker that sends no heartbeats.
        """
        self.last_notified = min(self.last_notified, time.time())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain the accept backlog before closing the listeners; otherwise the kernel resets those connections."""
        loop = asyncio.get_running_loop()

        def make_protocol() -> Protocol:
            return Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

        backlog = []
        for listener in sockets or []:
            with suppress(OSError):  # ends the loop: the backlog is empty, or too many files are open
                while True:
                    backlog.append(listener.accept()[0])
        for server in self.servers:
            server.close()
        for connection in backlog:
            with suppress(OSError):  # the client has disconnected
                await loop.connect_accepted_socket(make_protocol, connection)
        await super().shutdown()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. Unlike uvicorn, don't raise the signal again after the shutdown.

        Otherwise, gunicorn would log that the signal killed this worker.
        """
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


class Worker(UvicornWorker):  # type: ignore[misc]  # uvicorn_worker has no types
    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",  # uvloop has 1.3 times the throughput of asyncio's loop.
        "http": Protocol,  # httptools has 3.7 times the throughput of h11.
        "interface": "asgi3",
        "lifespan": "off",  # the site doesn't use ASGI's start-up and shutdown events
        "ws": "none",
        # If proxy_headers were on, uvicorn would trust the forwarded address and scheme from any client. Turning
        # proxy_headers off also gives 1.1 times the throughput.
        "proxy_headers": False,
        "server_header": False,
        # nginx adds the header Date itself. It sends its copies faster if the copies have no Date.
        "date_header": not os.environ.get("NGINX_CACHE_URL"),
        "timeout_notify": 1,  # seconds
    }

    def init_signals(self) -> None:
        """Let SIGTERM and SIGINT end a worker that is still loading the site.

        Otherwise, gunicorn would log that the worker was killed.
        """
        super().init_signals()
        for number in (signal.SIGTERM, signal.SIGINT):  # the server replaces these handlers when it starts
            signal.signal(number, lambda number, frame: os._exit(0))

    async def _serve(self) -> None:
        """Serve requests as the overridden method does, but with DrainingServer."""
        self.config.app = self.wsgi
        self._install_sigquit_handler()
        server = DrainingServer(config=self.config)
        # Pass the sockets without gunicorn's wrappers. uvloop can't detach the wrappers, so it would close each socket
        # twice.
        await server.serve(sockets=[listener.sock for listener in self.sockets])
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)


class Logger(GunicornLogger):
    """Gives gunicorn's log lines the same format as the site's log lines.

    This class formats the master's lines, and each worker's lines until that worker has loaded the site.
    """

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(stderr_formatter())


prctl = ctypes.CDLL(None).prctl
PR_SET_PDEATHSIG = 1  # prctl(2)


def post_fork(arbiter: Arbiter, worker: Worker) -> None:
    """Let the kernel kill the worker if the master is killed. Otherwise, the worker would keep the port."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != worker.ppid:  # the master had already ended before prctl was called
        os._exit(1)


wsgi_app = "layersrank_site.asgi:application"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = Worker
logger_class = Logger

# Each worker uses one core. With two workers, one worker still serves while the other worker restarts.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# How long idle connections stay open, in seconds. nginx keeps its connections to the site for 60 s. The site must keep
# these connections longer, or nginx could send a request on a closed connection.
keepalive = 75

# Docker kills a container 10 s after SIGTERM. A running request gets up to 7 s, then the worker ends within a second.
# Idle connections are closed at once, or after FIRST_REQUEST_TIMEOUT if they had no request yet.
graceful_timeout = 7

# Off: nothing uses the control socket, and gunicorn would create it in the home directory.
control_socket_disable = True

# Don't set preload_app: after a SIGHUP, the master couldn't load new code, because its modules are already imported.
