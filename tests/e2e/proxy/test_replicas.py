"""Two replicas with one PostgreSQL database share rate limits, leases and edits."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL
from ...support.postgres import needs_postgres
from ..drill import databases
from ..drill.processes import NO_LIMITS, wait_until
from ..drill.visitors import FORM_PATH, in_parallel, open_form, open_forms, request
from .nginx import needs_tools, run_nginx
from .replicas import run_replicas

pytestmark = needs_postgres

# The maximum number of replies per hour to one address. The other limits are too high to be reached.
LIMIT = 12
LIMITS = NO_LIMITS | {"client": LIMIT}


@pytest.fixture(scope="module")
def server():
    with databases.own_server() as server:
        yield server


@pytest.fixture
def database(server, tmp_path):
    with databases.empty(tmp_path, server.url) as url:
        yield url


def test_concurrent_migrations_of_an_empty_database_succeed(database, tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "a key for one command of the tests, and for nothing else: 5d8e1f0a7c",
        "DATABASE_URL": database,
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    errors = [process.communicate(timeout=PATIENCE)[1] for process in processes]
    assert errors == ["", "", ""]
    assert [process.returncode for process in processes] == [0, 0, 0]


def test_replicas_share_rate_limits_and_send_each_message_once(database, tmp_path):
    with run_replicas(tmp_path, database, LIMITS) as sites:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda site: site.start_gunicorn(), sites))
        mail_server = sites[0].mail_server
        mail_server.delay = sites[0].webhook_receiver.delay = 0.05
        (opened,) = open_forms(sites[0].port, 1)  # Both replicas accept this form's token.
        ports = [site.port for site in sites] * LIMIT
        emails = [f"stranger-{number}@elsewhere.example" for number in range(len(ports))]
        forms = [replace(opened, port=port) for port in ports]
        sent = in_parallel(zip(forms, emails, strict=True), lambda each: each[0].submit(each[1], "192.0.2.7"))
        assert all(reply.is_thank_you for reply in sent)

        for site in sites:
            site.start_delivery_worker()
        sites[0].wait_until_delivered()  # on a busy machine, some leads were in the spool until now
        kinds = Counter(kind for (kind,) in sites[0].rows("SELECT kind FROM leads_message"))
        assert kinds == {"sales": 2 * LIMIT, "webhook": 2 * LIMIT, "reply": LIMIT, "alarm": 1}
        rows = sites[0].rows("SELECT message_id FROM leads_message WHERE kind != 'webhook'")
        mails = {message_id for (message_id,) in rows}
        # Each lead has one email to sales. Half of the leads also have an email to the visitor. The rate limit causes
        # one alert.
        assert len(mails) == 3 * LIMIT + 1
        assert mail_server.copies == dict.fromkeys(mails, 1)
        assert mail_server.max_parallel == 2  # both workers sent
        assert sorted(sites[0].webhook_receiver.copies.values()) == [1] * 2 * LIMIT


def test_every_replica_shows_a_form_with_an_error(database, tmp_path):
    with run_replicas(tmp_path, database, LIMITS) as sites:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda site: site.start_gunicorn(), sites))
        opened = open_form(sites[0].port)
        refused = opened.submit("zebulon at elsewhere.example")
        assert (refused.status, refused.is_thank_you) == (303, False)
        path = refused.location.partition("#")[0]
        for site in sites:
            page = request(site.port, "GET", path, headers={"Cookie": opened.cookie})
            assert page.status == 200
            assert "zebulon at elsewhere.example" in page.text
        (row,) = sites[0].rows("SELECT * FROM leads_unsentform")
        assert "zebulon" not in str(row)


@needs_tools
def test_rate_limit_ignores_forged_addresses_in_the_x_forwarded_for_header(database, tmp_path):
    with run_replicas(tmp_path, database, LIMITS) as sites:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda site: site.start_gunicorn(), sites))
        with run_nginx(tmp_path / "nginx", [site.port for site in sites]) as nginx:
            (opened,) = open_forms(nginx.port, 1)

            def send(email, forwarded_for, source):
                person = {"name": "Priya Rao", "email": email, "company": "Example", "role": "SRE", "consent": "on"}
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": opened.cookie,
                    "X-Forwarded-For": forwarded_for,
                }
                return nginx.ask(
                    FORM_PATH, "POST", urlencode(opened.hidden_fields | person).encode(), headers, source
                ).status

            for number in range(LIMIT + 5):
                assert send(f"{number}@elsewhere.example", f"198.51.100.{number}", "") == 303
            # The limit applies to the visitor's address, not to nginx's address.
            assert send("neighbor@elsewhere.example", "198.51.100.1", "127.0.0.2") == 303
        replies = {email for (email,) in sites[0].rows("SELECT recipient FROM leads_message WHERE kind = 'reply'")}
        assert "neighbor@elsewhere.example" in replies
        assert len(replies) == LIMIT + 1


def test_both_replicas_publish_the_same_edit(database, tmp_path):
    def pages():
        for site in sites:
            with urlopen(f"http://127.0.0.1:{site.port}{SEED_URL}") as response:
                yield response.headers["ETag"], response.read().decode()

    with run_replicas(tmp_path, database) as sites:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda site: site.start_gunicorn(), sites))
        document = tmp_path / "content" / f"{SEED_URL.strip('/')}.md"
        for word in ("Machine Learning", "a word that nobody wrote before"):
            if word not in document.read_text():
                document.write_text(f"{document.read_text()}\n{word}\n")
            wait_until(lambda word=word: all(word in text for _, text in pages()), word)
            (etag,) = {etag for etag, _ in pages()}
            assert etag
