"""nginx retries a GET on the other replica, but never repeats a POST."""

import json
import sqlite3
from contextlib import closing

from tests.support.waiting import PATIENCE

from ...conftest import serving
from ..drill.visitors import open_forms
from .conftest import copy_documents, run_echo_sites
from .nginx import HOST, needs_tools, run_nginx

pytestmark = needs_tools


def test_get_requests_are_retried_but_post_requests_are_not(tmp_path):
    with run_echo_sites(tmp_path, 2) as sites, run_nginx(tmp_path / "nginx", [site.port for site in sites]) as nginx:
        log = tmp_path / "requests"
        assert nginx.ask("/broken/by-post", "POST", b"x").status == 502
        assert log.read_text().count("POST /broken/by-post\n") == 1
        assert nginx.ask("/broken/by-get").status == 502
        assert 2 <= log.read_text().count("GET /broken/by-get\n") <= 3
        assert nginx.ask("/broken/page", headers={"Host": HOST}).status == 503
        assert 2 <= log.read_text().count("GET /broken/page\n") <= 3


def test_a_post_request_goes_to_the_other_replica_if_one_is_down(tmp_path):
    with run_echo_sites(tmp_path, 2) as sites, run_nginx(tmp_path / "nginx", [site.port for site in sites]) as nginx:
        sites[0].process.terminate()
        sites[0].process.wait(PATIENCE)
        responses = [nginx.ask("/", "POST", b"x") for _ in range(10)]
        assert {response.status for response in responses} == {200}
        assert {json.loads(response.text)["process"] for response in responses} == {sites[1].process.pid}


def test_a_form_sent_again_after_a_lost_response_creates_one_lead(tmp_path):
    copy_documents(tmp_path)
    die_once = tmp_path / "die-once"
    with (
        serving(tmp_path, "tests.e2e.proxy.dying_site:application", takes_leads=True, DIE_ONCE=str(die_once)) as site,
        run_nginx(tmp_path / "nginx", [site.port]) as nginx,
    ):
        (opened,) = open_forms(nginx.port, 1)
        die_once.touch()
        assert opened.submit("priya@visitor.example").status == 502
        assert not die_once.exists()
        assert opened.submit("priya@visitor.example").is_thank_you
        with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
            assert database.execute("SELECT count(*) FROM leads_lead").fetchone() == (1,)
