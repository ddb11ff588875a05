"""Measure startup time, memory and the time until an edit is visible, for different numbers of documents."""

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pages.content.settings_file import FACTS
from pages.publish.manifest import ManifestReader

from ..conftest import SAMPLE_SITE, SEED, SEED_URL, Answer, Server, serving
from ..support.fast_brotli import PRODUCTION_SETTINGS
from .measure import Rows, children, cpu_seconds, megabytes, say

COUNTS = (1, 100, 1_000, 10_000)
EDITS = 7
PAGES = 200  # Measure the memory after requests for this many pages.
TIMEOUT = 1_800  # The timeout, in seconds: publishing 10,000 documents takes a long time.


def rows(folder: Path) -> Rows:
    for count in COUNTS:
        say(f"{count:,} documents")
        yield from _rows(folder / str(count), count)


def _rows(folder: Path, count: int) -> Rows:
    write(folder / "content", count)
    name, url = f"{count:,} document{'s' if count > 1 else ''}", f"/hire/role-{count // 2}"
    budget = "; budget 2.00 s" if count == COUNTS[-1] else ""
    with started(folder, url) as (server, seconds, cpu):
        yield f"{name}: first page, cold", f"{seconds:.2f} s", f"{cpu:.2f} s of CPU time{budget}"
        while not list((folder / "build" / "releases").glob("*/snapshot")):
            time.sleep(0.5)
        server.published(url, TIMEOUT)
        say("edits")
        times = sorted(edit_delay(server, folder / "content" / f"{url}.md"[1:], url, number) for number in range(EDITS))
        value = f"{statistics.median(times):.2f} s ({times[0]:.2f} to {times[-1]:.2f})"
        yield f"{name}: an edit is live in all workers", value, "budget 1.00 s"
        say("a banner")
        delay = banner_delay(server, folder, count)
        yield f"{name}: a banner is on all pages", f"{delay:.2f} s after its time", "budget 1.00 s"
        for number in range(PAGES):
            server.get(f"/hire/role-{number * count // PAGES}")
        workers = children(server.process.pid)
        largest = max(map(megabytes, workers))
        publisher = max(megabytes(child) for worker in workers for child in children(worker))
        yield f"{name}: memory of a worker", f"{largest:.0f} MB", f"budget 300 MB; publisher {publisher:.0f} MB"
    with started(folder, url) as (server, seconds, cpu):
        response = server.get(url, **{"Accept-Encoding": "br"})
        state = "prerendered" if response.headers["Content-Encoding"] == "br" else "not prerendered"
        yield f"{name}: first page, warm", f"{seconds:.2f} s", f"{cpu:.2f} s of CPU time; {state}"
    shutil.rmtree(folder)


def write(content: Path, count: int) -> None:
    """Copy the sample site, and add `count` role pages: copies of the seed document.

    Each role page has its own title, description and keywords, and links to the next three role pages. So the checker
    finds about as few problems as on a real site.
    """
    shutil.copytree(SAMPLE_SITE, content)
    facts, seed = content / FACTS.name, SEED.read_text()
    # In the sample site, the fact about the assessment's duration is limited to one page, that of the seed document.
    # The copies of the seed document state the same duration. So replace this limit with phrases, which find the fact
    # on all pages.
    phrases = 'phrases = ["complete the assessment async (…)", "assessment take? …", "engineer assessment takes …"]\n'
    facts.write_text(facts.read_text().replace(f'pages = ["{SEED_URL}"]\n', phrases))
    for number in range(count):
        name = f"Machine Learning Engineer {number}"
        text = seed.replace("# Hire Machine Learning Engineer", f"# Hire {name}", 1).replace(SEED_URL, role_url(number))
        text = text.replace("Hire Machine Learning Engineers | Structured Assessment |", f"Hire {name} |", 1)
        text = text.replace("Evaluate ML engineer candidates", f"Evaluate candidates of group {number}", 1)
        text = text.replace("Keywords: ", f"Keywords: hire {name.lower()}, ", 1)
        for step, role in enumerate(("data-scientist", "data-engineer", "backend-engineer"), start=1):
            text = text.replace(f"(/hire/{role})", f"({role_url((number + step) % count)})")
        (content / f"{role_url(number)}.md"[1:]).write_text(text)


def role_url(number: int) -> str:
    """Return the URL of a generated role page."""
    return f"/hire/role-{number}"


def banner_delay(server: Server, folder: Path, count: int) -> float:
    """Schedule a banner. Return the seconds from the scheduled time until ten responses in a row contain the banner.

    After the edit of `site.toml`, the publisher renders all pages without the banner, and then all pages with it. If
    the publisher hasn't finished before the scheduled time, schedule the banner again for a later time.
    """
    site, seconds = server.content / "site.toml", 30 + count // 2
    before = site.read_text()
    while True:
        moment = int(time.time()) + seconds
        start = datetime.fromtimestamp(moment, UTC)
        site.write_text(f"{before}\n[banner]\ntext = 'Closed today'\nfrom = {start:%Y-%m-%dT%H:%M:%SZ}\n")
        while time.time() < moment - 1:
            time.sleep(0.1)
        [path] = (folder / "build").glob("releases/*/manifest")
        with closing(ManifestReader(path)) as manifest:
            manifest.refresh()
            if sum(entry is not None for entry in manifest.upcoming.values()) >= count:
                break
        seconds *= 2
    while time.time() < moment:
        time.sleep(0.001)
    in_a_row = 0
    while in_a_row < 10:
        response = server.get(f"/hire/role-{in_a_row * count // 10}")
        in_a_row = in_a_row + 1 if "Closed today" in response.text else 0
    return time.time() - moment


@contextmanager
def started(folder: Path, url: str) -> Iterator[tuple[Server, float, float]]:
    """Start a server. Yield the server, the seconds until it served its first page, and its worker's CPU seconds."""
    start = time.perf_counter()
    with serving(folder, ready=url, SITE_URL="http://127.0.0.1:8000", **PRODUCTION_SETTINGS) as server:
        seconds = time.perf_counter() - start
        yield server, seconds, max(map(cpu_seconds, children(server.process.pid)))


def edit_delay(server: Server, path: Path, url: str, number: int) -> float:
    """Edit a document. Return the seconds until ten responses in a row contain the edit."""
    text = f"Edit number {number}."
    path.write_text(path.read_text() + f"\n\n{text}\n")
    start = time.perf_counter()
    in_a_row = 0
    while in_a_row < 10:
        response: Answer = server.get(url)
        in_a_row = in_a_row + 1 if text in response.text else 0
        time.sleep(0.005)
    return time.perf_counter() - start
