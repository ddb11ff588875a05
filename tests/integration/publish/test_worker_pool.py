"""The worker pool, which reads documents and renders pages in several processes."""

import filecmp
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from pages.content import library
from pages.content.lazy_page import LazyPage
from pages.http import views
from pages.publish import parallel_reading, release, worker_pool
from pages.publish.manifest import ManifestReader
from pages.publish.parallel_reading import read_in_pool
from pages.publish.parallel_rendering import Task, _render_task
from pages.publish.prerender import Prerenderer
from pages.publish.rendering import render
from pages.publish.worker_pool import WorkerFailed, WorkerPool
from pages.repository import current, snapshot
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SAMPLE_SITE, collect_static

SECRET_KEY = "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a"

# Publishes the documents in CONTENT_DIR with the number of processes in the first argument.
PUBLISH = """
import sys, django
django.setup()
from pages.publish import parallel_reading, publisher, worker_pool
from pages.repository import current
worker_pool.os.cpu_count = lambda: int(sys.argv[1])
parallel_reading.PARALLEL_DOCUMENTS = publisher.PARALLEL_RESPONSES = publisher.LARGE_BUILD_RESPONSES = 1
pool = worker_pool.WorkerPool(is_server=False)
current.use_lazy_pages(None, lambda read, paths: parallel_reading.read_in_pool(pool, read, paths))
publisher.Publisher(pool=pool).publish(current.visible_pages())
"""

INDEX_ROWS = """
SELECT url, anchors, digest, name, title, headings, text
FROM location JOIN page ON page.rowid = location.number ORDER BY url
"""

# Starts a pool of two processes, prints their process IDs, and waits.
START_AND_WAIT = """
import os, django
django.setup()
from pages.publish import worker_pool
worker_pool.os.cpu_count = lambda: 2
pool = worker_pool.WorkerPool(is_server=False)
list(pool.map(abs, [-1]))
print(*(worker._process.pid for worker in pool._workers), flush=True)
input()
"""


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    """A pool of two processes with the production settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")
        patch.setenv("SECRET_KEY", SECRET_KEY)
        patch.setenv("BUILD_DIR", str(tmp_path_factory.mktemp("build")))
        patch.setattr(worker_pool.os, "cpu_count", lambda: 2)
        pool = WorkerPool(is_server=False)
        yield pool
        pool.close()


def results(pool, function, arguments):
    return [result for result in pool.map(function, arguments) if result is not None]


def test_results_have_the_order_of_the_arguments_which_are_taken_one_by_one(pool):
    taken = []
    arguments = (taken.append(number) or number for number in range(-50, 0))
    found = pool.map(abs, arguments)
    assert next(result for result in found if result is not None) == 50 and len(taken) < 10
    assert [result for result in found if result is not None] == list(range(49, 0, -1))


def test_after_a_failed_call_the_pool_starts_new_processes(pool):
    with pytest.raises(WorkerFailed):
        results(pool, int, ["1", "no number"])
    assert results(pool, int, ["1", "2"]) == [1, 2]


def test_the_processes_end_with_their_parent():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "SECRET_KEY": SECRET_KEY}
    command = [sys.executable, "-c", START_AND_WAIT]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as parent:
        processes = [Path("/proc") / process for process in parent.stdout.readline().split()]
        assert len(processes) == 2 and all(process.exists() for process in processes)
        parent.kill()
    deadline = time.monotonic() + PATIENCE
    while any(map(is_running, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_running, processes))


def is_running(process):
    """Return whether a process is running. A process that has ended can still be listed as a zombie."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_documents_are_read_as_in_one_process_even_if_the_processes_are_killed(pool, content, monkeypatch):
    monkeypatch.setattr(parallel_reading, "PARALLEL_DOCUMENTS", 1)
    one, warnings = library.load(content, lazy=True), []
    sections = {url: page.full.sections for url, page in one.pages.items()}
    monkeypatch.setattr(parallel_reading.logger, "warning", warnings.append)
    several = library.load(content, read_all=lambda read, paths: read_in_pool(pool, read, paths), lazy=True)
    assert warnings == [] and summaries(several) == summaries(one) and set(several.problems) < set(one.problems)
    pages = list(several.pages.values())
    assert all(isinstance(page, LazyPage) for page in pages)
    assert len({id(page.__dict__["_read"]) for page in pages}) == 1
    monkeypatch.setattr(LazyPage, "_parse", lambda page: pytest.fail(f"{page.path} was parsed again"))
    assert {url: page.full.sections for url, page in several.pages.items()} == sections
    results(pool, abs, [-1])
    for worker in pool._workers:
        os.kill(worker._process.pid, signal.SIGKILL)
    rest = library.load(content, read_all=lambda read, paths: read_in_pool(pool, read, paths), lazy=True)
    assert len(warnings) == 1 and summaries(rest) == summaries(one) and rest.problems == one.problems


def summaries(lazy):
    return {url: (page.name, page.meta, page.teaser, page.files, page.digest) for url, page in lazy.pages.items()}


def test_a_page_that_fails_is_reported_as_in_one_process(content, monkeypatch, caplog):
    def fail(*arguments, **options):
        raise ArithmeticError("a broken template")

    # _render_task runs in the test's own process here. It must not replace the library of this process.
    monkeypatch.setattr(current, "use_lazy_pages", lambda library: None)
    monkeypatch.setattr(views, "render_page", fail)
    visible = current.visible_pages()
    snapshot.write(release.snapshot_path(), visible.library)
    alone = render(Prerenderer(), visible, "/pricing", None, is_quick=False)
    logged = [(record.name, record.levelname, record.getMessage()) for record in caplog.records]
    caplog.clear()
    assert _render_task(Task((("/pricing", None),), frozenset(), is_quick=False)) == [alone]
    assert alone.entry is None and alone.card
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == logged != []


def test_several_processes_publish_the_same_bytes_as_one(tmp_path):
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.support.quick_settings",
            "SECRET_KEY": SECRET_KEY,
            "CONTENT_DIR": str(SAMPLE_SITE),
            "DATA_DIR": str(folder / "data"),
            "BUILD_DIR": str(folder / "build"),
        }
        collect_static(environment)
        command = [sys.executable, "-c", PUBLISH, str(processes)]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0 and "Traceback" not in result.stderr and "failed" not in result.stderr
    one, several = (entries(tmp_path / str(processes)) for processes in (1, 2))
    assert "/hire.md" in one and one.keys() == several.keys()
    assert all(entry.is_same(several[path]) for path, entry in one.items())
    assert same_files(filecmp.dircmp(tmp_path / "1" / "build" / "pages", tmp_path / "2" / "build" / "pages"))
    assert index_rows(tmp_path / "1") == index_rows(tmp_path / "2") != []


def entries(folder):
    (path,) = folder.glob("build/releases/*/manifest")
    with closing(ManifestReader(path)) as manifest:
        manifest.refresh()
        return manifest.entries


def same_files(compared):
    _, different, unreadable = filecmp.cmpfiles(compared.left, compared.right, compared.common_files, shallow=False)
    only = [*compared.left_only, *compared.right_only]
    return not (different or unreadable or only) and all(map(same_files, compared.subdirs.values()))


def index_rows(folder):
    (path,) = folder.glob("build/releases/*/search-index")
    with closing(sqlite3.connect(path)) as database:
        return database.execute(INDEX_ROWS).fetchall()
