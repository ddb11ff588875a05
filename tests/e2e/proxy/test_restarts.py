"""Nothing fails while nginx or the site behind it starts anew."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.processes import wait_until
from ..drill.visitors import open_forms, request, submit_until_answered
from .nginx import NO_RATES, load, needs_tools, running, version
from .replicas import replicas

pytestmark = needs_tools


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """nginx, the two replicas behind it, and what they run as."""
    folder = tmp_path_factory.mktemp("restarts")
    with replicas(folder, f"sqlite:///{folder / 'db.sqlite3'}", workers=2) as sites:
        processes = [each.start_gunicorn() for each in sites]
        with running(folder / "nginx", [each.port for each in sites], changed=NO_RATES) as nginx:
            yield nginx, sites, processes


def url(nginx):
    return f"http://127.0.0.1:{nginx.port}{SEED_URL}"


def test_a_reload_of_nginx_fails_no_request(site):
    nginx, _, _ = site
    # Versions without keepalive_min_timeout close connections on which a request is just coming.
    once = () if version() >= (1, 27, 4) else ("-HConnection: close",)
    with load(url(nginx), *once) as done:
        for _ in range(3):
            time.sleep(1)
            nginx.reload()
        time.sleep(1)
    assert done[0].failed == [] and done[0].requests > 100


def test_a_hup_of_the_site_fails_no_request(site):
    nginx, sites, processes = site
    with load(url(nginx)) as done:
        for each, process in zip(sites, processes, strict=True):
            before = each.log.read_text().count("Booting worker")
            process.send_signal(signal.SIGHUP)
            wait_until(
                lambda each=each, before=before: each.log.read_text().count("Booting worker") == before + 2, "a HUP"
            )
            time.sleep(2)
    assert done[0].failed == [] and done[0].requests > 100


def test_replicas_that_are_restarted_one_at_a_time_fail_no_request(site):
    nginx, sites, processes = site
    visitors = 40
    opened = open_forms(nginx.port, visitors)
    with load(url(nginx)) as done, ThreadPoolExecutor(4) as pool:
        sent = []
        for number, each in enumerate(sites):
            sent += [
                pool.submit(submit_until_answered, opened.pop(), f"{number}-{visitor}@visitor.example")
                for visitor in range(visitors // len(sites))
            ]
            processes[number].terminate()
            assert processes[number].wait(PATIENCE) == 0
            processes[number] = each.start_gunicorn()
    assert done[0].failed == [] and done[0].requests > 100
    # One may come in the microseconds in which a replica stops to listen; its sender is told, and sends it again.
    assert sum(each.result().status == 303 and each.result().tries == 1 for each in sent) >= visitors - 1
    assert {request(each.port, "GET", SEED_URL).status for each in sites} == {200}
