"""Test the publisher process: it doesn't publish if code or settings have changed since the site was started."""

import os
import subprocess
import sys

from tests.support.waiting import PATIENCE

from ...conftest import ROOT


def test_a_publisher_with_the_lock_of_another_release_writes_nothing(tmp_path):
    lock = tmp_path / "build" / "releases" / "of-other-code" / "lock"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
        "BUILD_DIR": str(tmp_path / "build"),
    }
    command = [sys.executable, "-m", "pages.publish.publisher_process", str(lock)]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        log = process.stderr.read()
        assert process.wait(PATIENCE) == 1
    assert "restart the site" in log
    assert [path for path in (tmp_path / "build").rglob("*") if path.is_file()] == [lock]
