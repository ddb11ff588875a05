"""No request fails while nginx or a replica restarts."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.processes import wait_until
from ..drill.visitors import open_forms, request, submit_until_answered
from .nginx import NO_RATE_LIMITS, needs_tools, run_load, run_nginx, version
from .replicas import run_replicas

pytestmark = needs_tools


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """nginx, two replicas behind it, and their gunicorn processes."""
    folder = tmp_path_factory.mktemp("restarts")
    with run_replicas(folder, f"sqlite:///{folder / 'db.sqlite3'}", workers=2) as sites:
        processes = [each.start_gunicorn() for each in sites]
        with run_nginx(folder / "nginx", [each.port for each in sites], changes=NO_RATE_LIMITS) as nginx:
            yield nginx, sites, processes


def test_no_request_fails_during_a_reload_of_nginx(site):
    nginx, _, _ = site
    # Before 1.27.4, nginx has no keepalive_min_timeout, so a reload can close a connection just as a request arrives.
    with run_load(nginx.port, SEED_URL, keep_alive=version() >= (1, 27, 4)) as load:
        for _ in range(3):
            nginx.reload()
            load.wait_for(100)
    assert load.failures == []


def test_no_request_fails_during_a_reload_of_gunicorn(site):
    nginx, sites, processes = site
    with run_load(nginx.port, SEED_URL) as load:
        for each, process in zip(sites, processes, strict=True):
            before = each.log.read_text().count("Booting worker")
            process.send_signal(signal.SIGHUP)
            wait_until(
                lambda each=each, before=before: each.log.read_text().count("Booting worker") == before + 2, "a HUP"
            )
            load.wait_for(100)
            time.sleep(2)  # The old workers end.
    assert load.failures == []


def test_no_request_fails_during_a_rolling_restart(site):
    nginx, sites, processes = site
    visitors = 40
    opened = open_forms(nginx.port, visitors)
    with run_load(nginx.port, SEED_URL) as load, ThreadPoolExecutor(4) as pool:
        sent = []
        for number, each in enumerate(sites):
            sent += [
                pool.submit(submit_until_answered, opened.pop(), f"{number}-{visitor}@visitor.example")
                for visitor in range(visitors // len(sites))
            ]
            processes[number].terminate()
            assert processes[number].wait(PATIENCE) == 0
            processes[number] = each.start_gunicorn()
        load.wait_for(100)
    assert load.failures == []
    # One form may arrive just as a replica stops listening. The visitor then sees an error and resubmits the form.
    assert sum(bool(each.result().email) and each.result().tries == 1 for each in sent) >= visitors - 1
    assert {request(each.port, "GET", SEED_URL).status for each in sites} == {200}
