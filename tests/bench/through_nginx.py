"""Measure how many requests per second nginx answers with its copy of a page (deploy/nginx.conf).

Compare with the requests per second when the same nginx sends a file with the bytes of the page. The headers, the
length of the path and the cache of open files are the same. The two measurements alternate.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..conftest import SEED_URL, serving
from ..e2e.proxy.nginx import HOST, NO_RATE_LIMITS, Nginx, run_nginx
from ..support.fast_brotli import PRODUCTION_SETTINGS
from .measure import Rows, cpu_seconds, say, spread

ROUNDS, SECONDS = 5, 2
CONNECTIONS = (16, 256)
BUDGET = 0.8
FILE_URL = SEED_URL.replace("/hire/", "/file/")
HEADERS = {"Host": HOST, "Accept-Encoding": "gzip, deflate, br, zstd", "Accept": "*/*"}

# For a file, nginx creates these headers itself.
_OWN_HEADERS = ("server", "date", "content-length", "connection", "etag", "content-type")


def rows(folder: Path) -> Rows:
    if not shutil.which("wrk") or not shutil.which("nginx"):
        yield "nginx's copies", "not measured", "needs Debian's nginx and wrk"
        return
    with running(folder / "through-nginx") as nginx:
        for connections in CONNECTIONS:
            copies, files = [], []
            for number in range(ROUNDS):
                say(f"nginx, {connections} connections, round {number + 1} of {ROUNDS}")
                copies.append(measured(nginx, SEED_URL, connections))
                files.append(measured(nginx, FILE_URL, connections))
            for name, results in (("a copy", copies), ("a file", files)):
                pairs = list(zip(results, files, strict=True))
                ratios, cpu_ratios = ([one[n] / other[n] for one, other in pairs] for n in (0, 1))
                comparison = f"{spread(ratios, '.2f')} × a file (budget {BUDGET})"
                comparison += f"; by CPU time {spread(cpu_ratios, '.2f')} ×"
                value = f"{spread([rate for rate, _ in results])} requests/s"
                yield f"nginx, from {name}, {connections} connections", value, comparison if name == "a copy" else ""


@contextmanager
def running(folder: Path) -> Iterator[Nginx]:
    """Run nginx in front of the site. At FILE_URL, nginx serves a file with the bytes of the page at SEED_URL."""
    environment = {"SITE_URL": f"https://{HOST}", "NGINX_CACHE_URL": "http://127.0.0.1:1", "CONTENT_RELOAD": "0"}
    environment |= PRODUCTION_SETTINGS
    folder.mkdir()
    with serving(folder / "site", WEB_CONCURRENCY="1", **environment) as site:
        own_headers = {"Host": HOST, "Accept-Encoding": "br"}
        site.until(SEED_URL, lambda answer: answer.headers["Content-Encoding"] == "br", **own_headers)
        with run_nginx(folder / "plain", [site.port]) as nginx:
            page = nginx.ask(SEED_URL, headers=HEADERS)
        headers = [each for each in page.headers.items() if each[0].lower() not in _OWN_HEADERS]
        added = " ".join(f"add_header {name} {json.dumps(value)};" for name, value in headers)
        location = f'location = {FILE_URL} {{ default_type "text/html; charset=utf-8"; {added} alias /tmp/as-a-file; }}'
        changes = NO_RATE_LIMITS | {
            "limit_conn connections 250;": "",
            "location @slow {": f"{location} location @slow {{",
        }
        with run_nginx(folder / "nginx", [site.port], changes=changes) as nginx:
            (folder / "nginx" / "tmp" / "as-a-file").write_bytes(page.body)
            assert nginx.ask(FILE_URL, headers=HEADERS).body == nginx.ask(SEED_URL, headers=HEADERS).body
            yield nginx


def measured(nginx: Nginx, path: str, connections: int) -> tuple[float, float]:
    """Return nginx's requests per second of real time, and per second of its processor time."""
    workers = [int(pid) for pid in nginx.worker_pids() if is_worker(pid)]
    before = sum(map(cpu_seconds, workers))
    headers = [f"-H{name}: {value}" for name, value in HEADERS.items()]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", *headers, f"http://127.0.0.1:{nginx.port}{path}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in output, output
    requests = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, requests / (sum(map(cpu_seconds, workers)) - before)


def is_worker(pid: str) -> bool:
    """Return whether this process of nginx answers requests. nginx also runs processes that manage its cache."""
    return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
