"""The seed's page through gunicorn, beside a bare application that sends the same bytes and headers, Django's own view,
and nginx with the same bytes as a file. One worker each, in turn."""

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
from .measure import Rows, children, processor_seconds, say, spread

ROUNDS, SECONDS = 7, 2
CONNECTIONS = (1, 16)
ASKING = {"Accept-Encoding": "br"}

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


class Round(NamedTuple):
    """`each` is what one second of the worker's processor answers."""

    rate: float
    each: float
    p50: float
    p99: float


def rows(folder: Path) -> Rows:
    if not shutil.which("wrk"):
        yield "requests a second", "not measured", "needs Debian's wrk"
        return
    with ExitStack() as stack:
        running = dict(stack.enter_context(servers(folder)))
        rounds: dict[tuple[str, int], list[Round]] = {}
        for number in range(ROUNDS):
            say(f"requests a second, round {number + 1} of {ROUNDS}")
            for connections in CONNECTIONS:
                turned = list(running.items())
                for name, (port, worker) in turned[number % len(turned) :] + turned[: number % len(turned)]:
                    rounds.setdefault((name, connections), []).append(measured(port, worker, connections))
    for (name, connections), each in rounds.items():
        what = f"{name}, {connections} connection{'s' if connections > 1 else ''}"
        p50, p99 = statistics.median(r.p50 for r in each), statistics.median(r.p99 for r in each)
        said = f"{spread([r.rate for r in each])} requests/s; p50 {p50:.2f} ms, p99 {p99:.2f} ms"
        bare = rounds["bare application", connections]
        ratios = [one.rate / other.rate for one, other in zip(each, bare, strict=True)]
        shares = [one.each / other.each for one, other in zip(each, bare, strict=True)]
        beside = f"{spread(ratios, '.2f')} × bare; for the same processor time {spread(shares, '.2f')} ×"
        yield what, said, "" if name == "bare application" else beside
    if not shutil.which("nginx"):
        yield "nginx", "not measured", "needs Debian's nginx"


@contextmanager
def servers(folder: Path) -> Iterator[list[tuple[str, tuple[int, int]]]]:
    """By name, the port and the working process of each."""
    with ExitStack() as stack:

        def start(name: str, *arguments: str, **environment: str):
            started = serving(folder / name, *arguments, WEB_CONCURRENCY="1", CONTENT_RELOAD="0", **environment)
            return stack.enter_context(started)

        site = start("site")
        answer = site.published(SEED_URL)
        site.published("/speculation-rules.json")
        settle(site)
        same = folder / "same.json"
        headers = [each for each in answer.headers.items() if each[0] != "date"]
        same.write_text(json.dumps([headers, answer.body.hex()]))
        bare = start("bare", "tests.bench.bare:application", SAME=str(same))
        view = start("view", "tests.bench.view:application")
        running = [("the page", site), ("bare application", bare), ("Django's own view", view)]
        found = [(name, (server.port, children(server.process.pid)[0])) for name, server in running]
        if shutil.which("nginx"):
            found.append(("nginx, a file", stack.enter_context(nginx(folder, headers, answer.body))))
        yield found


@contextmanager
def nginx(folder: Path, headers: list[tuple[str, str]], body: bytes) -> Iterator[tuple[int, int]]:
    file, port = folder / "files" / SEED_URL.strip("/"), free_port()
    file.parent.mkdir(parents=True)
    file.write_bytes(body)
    skipped = ("content-length", "etag", "content-type")
    added = "".join(
        f"add_header {name} {json.dumps(value)}; " for name, value in headers if name.lower() not in skipped
    )
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, headers=added))
    user = ["-g", "user root;"] if os.getuid() == 0 else []
    process = subprocess.Popen(["nginx", "-c", str(conf), *user], stderr=subprocess.DEVNULL)
    try:
        subprocess.run(["curl", "-s", "--retry", "20", "--retry-connrefused", f"http://127.0.0.1:{port}/"], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        yield port, children(process.pid)[0]
    finally:
        process.terminate()
        process.wait()


def measured(port: int, worker: int, connections: int) -> Round:
    before = processor_seconds(worker)
    headers = [f"-H{name}: {value}" for name, value in ASKING.items()]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--latency", *headers]
    said = subprocess.run([*command, f"http://127.0.0.1:{port}{SEED_URL}"], capture_output=True, text=True, check=True)
    assert "Non-2xx" not in said.stdout, said.stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)[1])
    requests = int(re.search(r"(\d+) requests in", said.stdout)[1])
    p50, p99 = (milliseconds(re.search(rf"^ +{percent}% +(\S+)", said.stdout, re.MULTILINE)[1]) for percent in (50, 99))
    return Round(rate, requests / (processor_seconds(worker) - before), p50, p99)


def settle(server: Server) -> None:
    """Waits until all is published, images too."""
    (publisher,) = (child for worker in children(server.process.pid) for child in children(worker))
    before = -1.0
    while processor_seconds(publisher) - before > 0.1:
        before = processor_seconds(publisher)
        time.sleep(2)


def milliseconds(said: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
