"""Measure the time to make an interview kit, its size, and the time from an edit to the new file.

Also measure whether pages are slower while kits are made.
"""

import os
import shutil
import signal
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

from pages.kits import file_formats
from pages.publish.publisher_process import NICENESS
from pages.repository import current

from ..conftest import SEED_URL, serving
from ..support.fast_brotli import PRODUCTION_SETTINGS
from ..support.kits import sample_kit
from .measure import Rows, children, median_ms, say, spread
from .serving import Target, measured, settle

# The time limits for the kit of one role, in seconds.
BUDGETS = {".pdf": 0.5, ".xlsx": 0.2, ".csv": 0.2}
PAGES = {
    "interview kit": SEED_URL,
    "question bank": "/resources/question-bank",
    "scorecard": "/resources/hiring-scorecard",
}
SITE_NAME, SITE_URL = "LayersRank", "https://www.layersrank.com"
ROUNDS, CONNECTIONS, EDITS = 5, 16, 3


def rows(folder: Path) -> Rows:
    library = current.get_library()
    for name, url in PAGES.items():
        kit = sample_kit(library, url)
        for suffix, budget in BUDGETS.items():
            if suffix == ".csv" and not kit.groups:
                continue
            # Give the kit another name in each run, because typst remembers the parts of documents that it has typeset.
            kits = (replace(kit, name=f"{kit.name} {number}") for number in count())
            milliseconds = median_ms(lambda kits=kits, suffix=suffix: render(next(kits), suffix))
            value = f"{milliseconds / 1000:.2f} s, {len(render(kit, suffix)):,} bytes"
            yield f"{name} as {suffix[1:]}", value, f"budget {budget} s" if url == SEED_URL else ""
    yield from _edit_to_file(folder)
    if shutil.which("wrk"):
        yield from _throughput(folder)


def render(kit, suffix: str) -> bytes:
    return file_formats.render(kit, suffix, SITE_NAME, SITE_URL)


def _edit_to_file(folder: Path) -> Rows:
    """Edit a document, and measure the seconds until the site serves the document's new PDF."""
    with serving(folder / "edits", makes_files=True, WEB_CONCURRENCY="1", **PRODUCTION_SETTINGS) as site:
        document, url = site.content / f"{SEED_URL}.md".lstrip("/"), f"{SEED_URL}.pdf"
        etag = site.until(url, lambda answer: answer.status == 200).headers["ETag"]
        settle(site)
        seconds = []
        for number in range(EDITS):
            say(f"from an edit to the new PDF, edit {number + 1} of {EDITS}")
            text = document.read_text()
            start = time.perf_counter()
            document.write_text(text.replace("**1. ", f"**1. Edit {number}: ", 1))
            answer = site.until(url, lambda answer, old=etag: answer.status == 200 and answer.headers["ETag"] != old)
            seconds.append(time.perf_counter() - start)
            etag = answer.headers["ETag"]
    yield "from an edit to the new PDF", f"{spread(seconds, '.1f')} s", "budget 10 s"


def _throughput(folder: Path) -> Rows:
    kit = sample_kit(current.get_library(), SEED_URL)
    environment = {"WEB_CONCURRENCY": "1", "CONTENT_RELOAD": "0", **PRODUCTION_SETTINGS}
    with serving(folder / "kits", makes_files=True, **environment) as site:
        site.published(SEED_URL)
        settle(site)
        worker = children(site.process.pid)[0]
        rates, cpu_rates = [], []
        for number in range(ROUNDS):
            say(f"pages while kits are made, round {number + 1} of {ROUNDS}")
            alone = measured(Target(site.port, worker), CONNECTIONS)
            maker = _make_kits(kit)
            beside = measured(Target(site.port, worker), CONNECTIONS)
            os.kill(maker, signal.SIGKILL)
            os.waitpid(maker, 0)
            rates.append(beside.rate / alone.rate)
            cpu_rates.append(beside.cpu_rate / alone.cpu_rate)
    note = "at the publisher's priority"
    yield "requests/s while kits are made", f"{spread(rates, '.2f')} × without", note
    # On a busy machine, this ratio is more precise than the one above: other programs hardly affect processor time.
    yield "… per second of the worker's processor time", f"{spread(cpu_rates, '.2f')} × without", note


def _make_kits(kit) -> int:
    """Start a child process that makes kits until somebody kills the process. Return its process ID.

    The process has the publisher's priority.
    """
    child = os.fork()
    if child == 0:
        os.nice(NICENESS)
        while True:
            for suffix in (".pdf", ".xlsx"):
                render(kit, suffix)
    time.sleep(0.5)
    return child
