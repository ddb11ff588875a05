"""At the time of a planned change, two replicas switch to prebuilt pages, even if no publisher is running."""

import os
import re
import signal
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest

from pages.publish.manifest import ManifestReader
from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL, serving
from .test_shutdown import publisher_processes

BANNER = "\n[banner]\ntext = 'Closed today'\nfrom = {:%Y-%m-%dT%H:%M:%SZ}\n"
PATHS = ("/", "/pricing", "/hire", SEED_URL)


@pytest.fixture(params=["own build folders", "one build folder"])
def replicas(request, tmp_path):
    """Two replicas with the same documents: pairs of a server and the folder of its stored pages."""
    first, second = tmp_path / "first", tmp_path / "second"
    shared = {"BUILD_DIR": str(first / "build")} if request.param == "one build folder" else {}
    settings = {"CONTENT_DIR": str(first / "content"), "SITE_URL": "http://127.0.0.1", "WEB_CONCURRENCY": "1"}
    with serving(first, **settings) as one, serving(second, **(settings | shared)) as two:
        builds = [first / "build", first / "build" if shared else second / "build"]
        for server in (one, two):
            server.published("/llms.txt")
        yield [(one, builds[0]), (two, builds[1])]


def prebuilt(build):
    """Return the time of the next change and the digests of the prebuilt pages, once all PATHS are prebuilt."""
    [path] = build.glob("releases/*/manifest")
    with closing(ManifestReader(path)) as reader:
        reader.refresh()
        digests = {path: entry and entry.digest for path, entry in reader.upcoming.items()}
        return (reader.change_at, digests) if digests.keys() >= {*PATHS} else (None, {})


def schedule_banner(replicas, seconds):
    """Schedule a banner. Return its time and, for each replica, the digests of the prebuilt pages with the banner.

    Return None if the pages weren't prebuilt in time.
    """
    site_file = replicas[0][0].content / "site.toml"
    before = site_file.read_text().partition("\n[banner]")[0]
    moment = int(time.time()) + seconds
    site_file.write_text(before + BANNER.format(datetime.fromtimestamp(moment, UTC)))
    while time.time() < moment - 2:
        found = [prebuilt(build) for _, build in replicas]
        if all(change_at == moment for change_at, _ in found):
            return moment, [digests for _, digests in found]
        time.sleep(0.1)
    return None


@contextmanager
def stopped_publishers(builds):
    """Stop the publisher processes, so that they can't switch anything."""
    pids = {pid for build in builds for pid in publisher_processes(build)}
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_banner_appears_on_both_replicas_at_its_time_without_a_publisher(replicas):
    # The publishers must prebuild the pages before the banner's time. On a busy machine, try again with more time.
    scheduled = next(filter(None, (schedule_banner(replicas, seconds) for seconds in (15, 60, PATIENCE))))
    moment, digests = scheduled
    with stopped_publishers({build for _, build in replicas}):
        end = moment + PATIENCE
        for (server, _), expected in zip(replicas, digests, strict=True):
            for path in PATHS:
                has_banner = False
                while not has_banner and time.time() < end:
                    before = time.time()
                    response = server.get(path)
                    after = time.time()
                    has_banner = "Closed today" in response.text
                    assert not has_banner or after >= moment, "too early"
                    limits = map(int, re.findall(r"[a-z-]+=(\d+)", response.headers["Cache-Control"]))
                    _, fresh, while_revalidate, if_error = limits
                    assert has_banner or fresh + max(while_revalidate, if_error) <= max(moment - before, 0)
                    time.sleep(0.05)
                assert has_banner and response.headers["ETag"].strip('"').startswith(expected[path])
    for server, _ in replicas:  # the publishers run again, and publish edits
        (replicas[0][0].content / "new.md").write_text("# New\n## /new\n\nWords.\n")
        server.published("/new")
