"""What nginx asks again when a replica breaks off, and what it never does."""

import json
import sqlite3
from contextlib import closing

from tests.support.waiting import PATIENCE

from ...conftest import serving
from ..drill.visitors import open_forms
from .conftest import documents, echoing
from .nginx import needs_tools, running

pytestmark = needs_tools


def test_a_post_that_was_sent_is_not_repeated_and_a_get_is(tmp_path):
    with echoing(tmp_path, 2) as sites, running(tmp_path / "nginx", [site.port for site in sites]) as nginx:
        asked = tmp_path / "asked"
        assert nginx.ask("/broken/by-post", "POST", b"x").status == 502
        assert asked.read_text().count("POST /broken/by-post\n") == 1
        assert nginx.ask("/broken/by-get").status == 502
        assert 2 <= asked.read_text().count("GET /broken/by-get\n") <= 3


def test_a_post_goes_to_the_other_replica_where_one_is_not_there(tmp_path):
    with echoing(tmp_path, 2) as sites, running(tmp_path / "nginx", [site.port for site in sites]) as nginx:
        for site in sites:
            site.process.terminate()
            site.process.wait(PATIENCE)
            break
        said = [nginx.ask("/", "POST", b"x") for _ in range(10)]
        assert {answer.status for answer in said} == {200}
        assert {json.loads(answer.text)["process"] for answer in said} == {sites[1].process.pid}


def test_a_lead_whose_thank_you_got_lost_is_one_lead_when_it_is_sent_again(tmp_path):
    documents(tmp_path)
    dies = tmp_path / "dies"
    with (
        serving(tmp_path, "tests.e2e.proxy.dying_site:application", takes_leads=True, DIES=str(dies)) as site,
        running(tmp_path / "nginx", [site.port]) as nginx,
    ):
        (opened,) = open_forms(nginx.port, 1)
        dies.touch()
        assert opened.submit("priya@visitor.example").status == 502
        assert not dies.exists()
        assert opened.submit("priya@visitor.example").is_thank_you
        with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
            assert database.execute("SELECT count(*) FROM leads_lead").fetchone() == (1,)
