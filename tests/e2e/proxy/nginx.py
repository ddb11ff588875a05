"""Runs nginx with deploy/nginx.conf and deploy/nginx.sh, as compose.yaml does. Only ports and folders differ."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, Answer, free_port, wait_until_ready

_TOOLS = [tool for tool in ("nginx", "wrk", "curl", "openssl") if not shutil.which(tool)]
_MISSING = f"these programs are missing: {', '.join(_TOOLS)} (Debian: apt-get install {' '.join(_TOOLS)})"
needs_tools = pytest.mark.skipif(bool(_TOOLS) and not os.environ.get("REQUIRE_NGINX"), reason=_MISSING)

# The host name in the certificate.
HOST = "www.layersrank.example"

# For load tests, raise nginx's rate limits per address: wrk sends all requests from one address.
NO_RATE_LIMITS = {"rate=50r/s": "rate=1000000r/s", "rate=1r/s": "rate=1000000r/s"}

# Changes to nginx.conf for older versions of nginx. The changes under a key are for all versions before that version.
# The version in compose.yaml needs no changes. Debian's version may need some.
CHANGES_FOR_OLDER = {
    (1, 25, 1): {"listen 443 ssl ": "listen 443 ssl http2 ", "http2 on;\n": ""},
    (1, 27, 4): {"keepalive_min_timeout 1s;\n": ""},
}


@dataclass
class Nginx:
    port: int
    secure_port: int
    folder: Path
    process: subprocess.Popen[bytes]
    fill_port: int = 0  # the port for the publisher, which fills the cache

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def certificates(self) -> Path:
        return self.folder / "certificates"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        source: str = "",
    ) -> Answer:
        """Send a request. If `source` is given, send it from this local address."""
        address = (source, 0) if source else None
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=address)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def reload(self) -> None:
        """Reload the configuration. Wait until the old workers have ended: they may still accept connections."""
        old = self.worker_pids()
        self.process.send_signal(signal.SIGHUP)
        end = monotonic() + PATIENCE
        while self.worker_pids() & old:
            assert monotonic() < end, "nginx's old workers did not end"
            sleep(0.05)

    def worker_pids(self) -> set[str]:
        pid = self.process.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


@contextmanager
def run_nginx(
    folder: Path,
    replicas: Sequence[int],
    *,
    changes: dict[str, str] | None = None,
    certificate: bool = False,
    proxies: str = "",
    fill_port: int = 0,
) -> Iterator[Nginx]:
    """Run nginx in front of several sites.

    `replicas` are the ports of these sites. `changes` maps text in nginx's configuration to its replacement. `proxies`
    is the value of TRUSTED_PROXIES. The publisher fills nginx's cache at `fill_port`.
    """
    nginx = Nginx(free_port(), free_port(), folder, None, fill_port or free_port())  # type: ignore[arg-type]
    if certificate:
        create_certificate(nginx.certificates)
    write_configuration(nginx, replicas, changes or {})
    environment = os.environ | {"TRUSTED_PROXIES": proxies, "SITE_URL": f"https://{HOST}"}
    with nginx.log.open("wb") as log:
        command = ["sh", folder / "deploy" / "nginx.sh"]
        nginx.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_until_ready(lambda: nginx.ask("/livez").status < 600, nginx.process, nginx.log)
        yield nginx
    finally:
        nginx.process.send_signal(signal.SIGQUIT if nginx.process.poll() is None else 0)
        try:
            nginx.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:  # nginx waits for a connection that a test left open
            nginx.process.terminate()
            nginx.process.wait(PATIENCE)


def write_configuration(nginx: Nginx, replicas: Sequence[int], changes: dict[str, str]) -> None:
    """Copy deploy/nginx* with this test's ports and folders."""
    folder = nginx.folder
    for name in ("deploy", "certificates", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    first, second = (list(replicas) * 2)[:2]
    replacements = {
        "/deploy/": f"{folder}/deploy/",
        "/tmp/": f"{folder}/tmp/",  # noqa: S108  the container's
        "/certificates": f"{folder}/certificates",
        "/cache": f"{folder}/cache",
        "listen 127.0.0.1:8001": f"listen 127.0.0.1:{free_port()}",
        "127.0.0.1:8003": f"127.0.0.1:{free_port()}",
        "listen 8002": f"listen 127.0.0.1:{nginx.fill_port}",
        "8002": str(nginx.fill_port),
        "listen 80 ": f"listen 127.0.0.1:{nginx.port} ",
        "listen 443 ": f"listen 127.0.0.1:{nginx.secure_port} ",
        "site-1:8000": f"127.0.0.1:{first}",
        "site-2:8000": f"127.0.0.1:{second}",
        # If root runs nginx, root must run its workers, too. nginx's default user can't read the test's folder.
        "daemon off;": f"daemon off;{' user root;' if os.geteuid() == 0 else ''}",
    }
    pattern = re.compile("|".join(map(re.escape, replacements)))
    texts = {path.name: path.read_text() for path in (ROOT / "deploy").glob("nginx*")}
    older = [words for since, words in CHANGES_FOR_OLDER.items() if version() < since]
    for old, new in [pair for words in (*older, changes) for pair in words.items()]:
        assert any(old in text for text in texts.values()), f"deploy/nginx* doesn't contain: {old}"
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    for name, text in texts.items():
        (folder / "deploy" / name).write_text(pattern.sub(lambda match: replacements[match[0]], text))


@cache
def version() -> tuple[int, ...]:
    output = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return tuple(map(int, re.search(r"nginx/([\d.]+)", output)[1].split(".")))


def create_certificate(folder: Path) -> None:
    """Create a self-signed certificate for HOST."""
    folder.mkdir(parents=True)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )


@dataclass
class Load:
    """Requests for one path. `failures` lists errors, and statuses other than 200."""

    port: int
    path: str
    keep_alive: bool = True
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)

    def run_connection(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {} if self.keep_alive else {"Connection": "close"}
        while not self.stopped.is_set():
            try:
                connection.request("GET", self.path, headers=headers)
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    self.failures.append(f"status {response.status}")
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
            self.requests += 1
        connection.close()

    def wait_for(self, count: int) -> None:
        """Wait until at least `count` more requests are complete."""
        target, end = self.requests + count, monotonic() + PATIENCE
        while self.requests < target:
            assert monotonic() < end, f"{self.requests} requests, {target} expected; {self.failures[:3]}"
            sleep(0.05)


@contextmanager
def run_load(port: int, path: str, *, keep_alive: bool = True, connections: int = 16) -> Iterator[Load]:
    """Request `path` without a pause until the `with` block ends. The block starts after the first requests."""
    load = Load(port, path, keep_alive)
    with ThreadPoolExecutor(connections) as pool:
        for _ in range(connections):
            pool.submit(load.run_connection)
        try:
            load.wait_for(connections)
            yield load
        finally:
            load.stopped.set()
