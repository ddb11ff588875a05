"""Measure how many requests per second one worker answers, for one page.

Compare four servers: the site, a minimal application that sends the same bytes, Django without prebuilt pages, and
nginx with a file that contains these bytes. For the site, the page's Markdown version is measured, too. Each round
measures one server after the other.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..conftest import SEED_URL, Server, free_port, serving
from ..support.fast_brotli import PRODUCTION_SETTINGS
from .measure import Rows, children, cpu_seconds, say, spread

ROUNDS, SECONDS = 7, 2
CONNECTIONS = (1, 16)

# The Accept headers of Chrome and of Claude Code.
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
MARKDOWN = "text/markdown, text/html, */*"

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ }}
http {{
  access_log off; keepalive_requests 1000000000; default_type "text/html; charset=utf-8";
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}/files; open_file_cache max=10; {headers} }}
}}
"""


class Target(NamedTuple):
    port: int
    worker: int  # The process ID of the server's only worker.
    accept: str = HTML


class Round(NamedTuple):
    rate: float  # Requests per second of real time.
    cpu_rate: float  # The requests that a worker answers in one second of its CPU time.
    p50: float  # The median response time in milliseconds.
    p99: float


def rows(folder: Path) -> Rows:
    if not shutil.which("wrk"):
        yield "requests per second", "not measured", "needs Debian's wrk"
        return
    with ExitStack() as stack:
        running = dict(stack.enter_context(servers(folder)))
        rounds: dict[tuple[str, int], list[Round]] = {}
        for number in range(ROUNDS):
            say(f"requests per second, round {number + 1} of {ROUNDS}")
            for connections in CONNECTIONS:
                rotated = list(running.items())
                for name, target in rotated[number % len(rotated) :] + rotated[: number % len(rotated)]:
                    rounds.setdefault((name, connections), []).append(measured(target, connections))
    for (name, connections), results in rounds.items():
        measurement = f"{name}, {connections} connection{'s' if connections > 1 else ''}"
        p50, p99 = statistics.median(r.p50 for r in results), statistics.median(r.p99 for r in results)
        value = f"{spread([r.rate for r in results])} requests/s; p50 {p50:.2f} ms, p99 {p99:.2f} ms"
        bare = rounds["bare application", connections]
        ratios = [one.rate / other.rate for one, other in zip(results, bare, strict=True)]
        cpu_ratios = [one.cpu_rate / other.cpu_rate for one, other in zip(results, bare, strict=True)]
        comparison = f"vs. bare application: {spread(ratios, '.2f')}; per CPU second: {spread(cpu_ratios, '.2f')}"
        yield measurement, value, "" if name == "bare application" else comparison
    if not shutil.which("nginx"):
        yield "nginx", "not measured", "needs Debian's nginx"


@contextmanager
def servers(folder: Path) -> Iterator[list[tuple[str, Target]]]:
    """Start all servers. Yield what to measure: a name for the table, and the server to send requests to."""
    with ExitStack() as stack:

        def start(name: str, *arguments: str, **environment: str):
            environment |= {"WEB_CONCURRENCY": "1", "CONTENT_RELOAD": "0", **PRODUCTION_SETTINGS}
            server = serving(folder / name, *arguments, **environment)
            return stack.enter_context(server)

        site = start("site")
        response = site.published(SEED_URL)
        site.published("/llms.txt")
        settle(site)
        bare_response = folder / "bare-response.json"
        headers = [each for each in response.headers.items() if each[0] != "date"]
        bare_response.write_text(json.dumps([headers, response.body.hex()]))
        bare = start("bare", "tests.bench.bare:application", BARE_RESPONSE=str(bare_response))
        view = start("view", "tests.bench.view:application")
        running = [("the site", site), ("bare application", bare), ("Django's view, without the front", view)]
        started = [(name, Target(server.port, children(server.process.pid)[0])) for name, server in running]
        started.insert(1, ("the site, Markdown version", started[0][1]._replace(accept=MARKDOWN)))
        if shutil.which("nginx"):
            started.append(("nginx, from a file", stack.enter_context(nginx(folder, headers, response.body))))
        yield started


@contextmanager
def nginx(folder: Path, headers: list[tuple[str, str]], body: bytes) -> Iterator[Target]:
    file, port = folder / "files" / SEED_URL.strip("/"), free_port()
    file.parent.mkdir(parents=True)
    file.write_bytes(body)
    own_headers = ("content-length", "etag", "content-type")
    added = "".join(
        f"add_header {name} {json.dumps(value)}; " for name, value in headers if name.lower() not in own_headers
    )
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, headers=added))
    user = ["-g", "user root;"] if os.getuid() == 0 else []
    process = subprocess.Popen(["nginx", "-c", str(conf), *user], stderr=subprocess.DEVNULL)
    try:
        subprocess.run(["curl", "-s", "--retry", "20", "--retry-connrefused", f"http://127.0.0.1:{port}/"], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        yield Target(port, children(process.pid)[0])
    finally:
        process.terminate()
        process.wait()


def measured(target: Target, connections: int) -> Round:
    before = cpu_seconds(target.worker)
    headers = ["-HAccept-Encoding: br", f"-HAccept: {target.accept}"]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--latency", *headers]
    url = f"http://127.0.0.1:{target.port}{SEED_URL}"
    output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in output, output
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    requests = int(re.search(r"(\d+) requests in", output)[1])
    p50, p99 = (milliseconds(re.search(rf"^ +{percent}% +(\S+)", output, re.MULTILINE)[1]) for percent in (50, 99))
    return Round(rate, requests / (cpu_seconds(target.worker) - before), p50, p99)


def settle(server: Server) -> None:
    """Wait until everything is published, including images."""
    (publisher,) = (child for worker in children(server.process.pid) for child in children(worker))
    before = -1.0
    while cpu_seconds(publisher) - before > 0.1:
        before = cpu_seconds(publisher)
        time.sleep(2)


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
