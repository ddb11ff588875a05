"""Run Mozilla's HTTP Observatory on the site with production settings, over loopback and without network access."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import serving
from .conftest import HERE, require

PATHS = (
    "/",
    "/pricing",
    "/start",
    "/search?q=mlops",
    "/desk-7f3k/login/",
    "/livez",
    "/no-such-page",
    "/static/no-such",
)

OLDEST_NODE = 20

# Findings that occur only because these tests use no TLS. All other checks must pass.
WITHOUT_TLS = {"redirection": "redirection-missing", "strict-transport-security": "hsts-not-implemented-no-https"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    require(HERE / "node_modules/@mdn/mdn-http-observatory", "no HTTP Observatory here (make browser-tools)")
    node = require(shutil.which("node"), "no Node.js on this machine (Debian: apt-get install nodejs)")
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    require(
        int(version[1:].partition(".")[0]) >= OLDEST_NODE and node, f"the HTTP Observatory needs Node.js {OLDEST_NODE}"
    )
    deployed = {"SITE_URL": "https://www.layersrank.example", "ADMIN_PATH": "desk-7f3k", "WEB_CONCURRENCY": "1"}
    with serving(Path(tmp_path_factory.mktemp("observed")), takes_leads=True, **deployed) as server:
        server.published("/pricing")
        run = [node, HERE / "observatory.mjs", str(server.port), *PATHS]
        return json.loads(subprocess.run(run, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout)


@pytest.mark.parametrize("path", PATHS)
def test_all_observatory_checks_except_tls_pass(results, path):
    tests = results[path]["tests"]
    assert len(tests) == 10
    assert {test["test"]: test["result"] for test in tests if not test["pass"]} == WITHOUT_TLS


def test_the_observatory_also_checks_404_pages_and_secure_cookies(results):
    assert [results[path]["status"] for path in PATHS] == [200, 200, 200, 200, 200, 200, 404, 404]
    cookies = {test["result"] for path in PATHS for test in results[path]["tests"] if test["test"] == "cookies"}
    assert "cookies-secure-with-httponly-sessions-and-samesite" in cookies
