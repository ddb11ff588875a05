"""deploy/nginx.conf in a real nginx, started by deploy/nginx.sh as compose.yaml does it. Ports and folders are other
ones, and nothing else, unless a test says so."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, Answer, free_port, wait_until_ready

_TOOLS = [tool for tool in ("nginx", "wrk", "curl", "openssl") if not shutil.which(tool)]
_MISSING = f"not on this machine: {', '.join(_TOOLS)} (Debian: apt-get install {' '.join(_TOOLS)})"
needs_tools = pytest.mark.skipif(bool(_TOOLS) and not os.environ.get("REQUIRE_NGINX"), reason=_MISSING)

# Whom the certificate names.
HOST = "www.layersrank.example"

# For wrk, which asks as often from one address as all visitors together do.
NO_RATES = {"rate=50r/s": "rate=1000000r/s", "rate=1r/s": "rate=1000000r/s"}


# What versions before that of compose.yaml have otherwise, or not yet: Debian's is older.
OLDER = {
    (1, 25, 1): {"listen 443 ssl ": "listen 443 ssl http2 ", "http2 on;\n": ""},
    (1, 27, 4): {"keepalive_min_timeout 1s;\n": ""},
}


@dataclass
class Nginx:
    port: int
    secure_port: int
    folder: Path
    process: subprocess.Popen[bytes]

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
        """Comes from the address `source`, if there is one."""
        address = (source, 0) if source else None
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=address)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def running(
    folder: Path,
    replicas: Sequence[int],
    *,
    changed: dict[str, str] | None = None,
    certificate: bool = False,
    proxies: str = "",
) -> Iterator[Nginx]:
    """nginx before the site at the ports `replicas` of this machine. `changed` says what stands in nginx.conf instead
    of something else, `certificate` whether it has one."""
    nginx = Nginx(free_port(), free_port(), folder, None)  # type: ignore[arg-type]
    if certificate:
        sign(nginx.certificates)
    write(nginx, replicas, changed or {})
    environment = os.environ | {"TRUSTED_PROXIES": proxies}
    with nginx.log.open("wb") as log:
        start = ["sh", folder / "deploy" / "nginx.sh"]
        nginx.process = subprocess.Popen(start, env=environment, stdout=log, stderr=log)
    try:
        wait_until_ready(lambda: nginx.ask("/livez").status < 600, nginx.process, nginx.log)
        yield nginx
    finally:
        nginx.process.send_signal(signal.SIGQUIT if nginx.process.poll() is None else 0)
        try:
            nginx.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:  # a connection of a test is still open
            nginx.process.terminate()
            nginx.process.wait(PATIENCE)


def write(nginx: Nginx, replicas: Sequence[int], changed: dict[str, str]) -> None:
    folder = nginx.folder
    for name in ("deploy", "certificates", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    first, second = (list(replicas) * 2)[:2]
    places = {
        "/deploy/": f"{folder}/deploy/",
        "/tmp/": f"{folder}/tmp/",  # noqa: S108  the container's
        "/certificates": f"{folder}/certificates",
        "listen 80 ": f"listen 127.0.0.1:{nginx.port} ",
        "listen 443 ": f"listen 127.0.0.1:{nginx.secure_port} ",
        "site-1:8000": f"127.0.0.1:{first}",
        "site-2:8000": f"127.0.0.1:{second}",
        # Started by root, its workers are somebody else, who may not look into a test's folder.
        "daemon off;": f"daemon off;{' user root;' if os.geteuid() == 0 else ''}",
    }
    wanted = re.compile("|".join(map(re.escape, places)))
    texts = {path.name: path.read_text() for path in (ROOT / "deploy").glob("nginx*")}
    older = [words for since, words in OLDER.items() if version() < since]
    for old, new in [pair for words in (*older, changed) for pair in words.items()]:
        assert any(old in text for text in texts.values()), f"nothing in deploy/nginx* reads: {old}"
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    for name, text in texts.items():
        (folder / "deploy" / name).write_text(wanted.sub(lambda found: places[found[0]], text))


@cache
def version() -> tuple[int, ...]:
    said = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return tuple(map(int, re.search(r"nginx/([\d.]+)", said)[1].split(".")))


def sign(folder: Path) -> None:
    """A certificate that nobody else has signed."""
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
    """What wrk said when it was done."""

    requests: int
    failed: list[str]


@contextmanager
def load(url: str, *arguments: str, seconds: float = PATIENCE) -> Iterator[list[Load]]:
    """Asks for `url` all the time, by 16 connections, until the block ends; then the list has what came of it."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds:.0f}s", "--timeout", "20s", *arguments, url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found: list[Load] = []
    try:
        yield found
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE)
        failed = re.findall(r"^ *(Socket errors.*|Non-2xx.*|unable.*)$", said, re.MULTILINE)
        found.append(Load(int(re.search(r"(\d+) requests in", said)[1]), failed))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
