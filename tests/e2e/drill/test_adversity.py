"""The site while its database is stopped, and while its disk is full: pages are served, forms say what is true, and all
goes on by itself afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL, Server, serving
from ...integration.serving.test_log import lines
from ...support.postgres import Postgres, needs_postgres
from .databases import own_server
from .visitors import PERSON, Reply, open_forms

EMAIL = "priya@secret.example"
SECRET_KEY = "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
SETTINGS = "layersrank_site.settings"
READ = (
    SEED_URL,
    "/",
    "/start",
    "/contact",
    "/resources/roi-calculator?hires=3",
    "/search?q=mlops",
    "/sitemap.xml",
    "/livez",
    "/version",
)


def send(server: Server) -> Reply:
    """What a visitor gets who opens the form, fills it in and sends it."""
    [opened] = open_forms(server.port, 1)
    return opened.send(EMAIL)


def readiness(server: Server) -> tuple[int, dict]:
    answer = server.get("/readyz")
    return answer.status, json.loads(answer.body)


def all_are_read(server: Server) -> None:
    assert {path: server.get(path).status for path in READ} == dict.fromkeys(READ, 200)
    assert server.get("/no-such-page").status == 404


def deliver(database: str, folder: Path) -> None:
    """Brings what waits in the spool into the database."""
    environment = {"DATABASE_URL": database, "SPOOL_DIR": str(folder / "spool"), "SECRET_KEY": SECRET_KEY}
    environment |= {"DJANGO_SETTINGS_MODULE": SETTINGS}
    run = [sys.executable, "manage.py", "deliver"]
    subprocess.run(run, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of the test's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=130m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("nobody may mount a disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def everything_on(disk: Path) -> dict[str, str]:
    """The environment in which the site writes there alone."""
    database = f"sqlite:///{disk / 'db.sqlite3'}"
    return {"BUILD_DIR": str(disk / "build"), "SPOOL_DIR": str(disk / "spool"), "DATABASE_URL": database}


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """While not one byte more can be written there."""
    path = folder / "filling"
    with path.open("wb", buffering=0) as file:
        for size in (1024**2, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    try:
        yield
    finally:
        path.unlink()


@pytest.fixture
def database() -> Iterator[Postgres]:
    """A PostgreSQL that answers."""
    with own_server() as server:
        yield server


def test_with_a_full_disk_pages_are_served_and_a_form_says_that_it_kept_nothing(tmp_path, disk):
    with serving(tmp_path / "site", takes_leads=True, **everything_on(disk)) as server:
        server.published("/speculation-rules.json")
        server.until("/search?q=mlops", lambda answer: "<mark>MLOps</mark>" in answer.text)
        server.until("/readyz", lambda answer: answer.status == 200 and json.loads(answer.body)["content_errors"] == 0)
        page = server.content / "pricing.md"
        with filled(disk):
            all_are_read(server)
            refused = send(server)
            assert refused.status == 503 and "could not keep" in refused.text
            assert all(f'value="{value}"' in refused.text for value in (EMAIL, *PERSON.values()))
            status, told = readiness(server)
            assert (status, told["disk_free_mb"]) == (503, 0)
            assert told["unwell"] == [
                "the database does not answer, and the spool cannot be written: no lead is taken",
                "less than 100 MB are left on the disk of what is published, the database and the spool",
                "nothing can be written on the disk of what is published (No space left on device)",
                "nothing can be written on the disk of the database (No space left on device)",
            ]
            page.write_text(page.read_text().replace("**Headline:**", "**Headline:** Lately,"))
            for _ in range(70):  # longer than the publisher waits before it tries again
                assert server.get("/pricing", **{"Accept-Encoding": "br"}).status == 200
                time.sleep(0.1)
            all_are_read(server)
        assert send(server).status == 303
        server.until("/pricing", lambda answer: "Lately," in answer.text)
        assert server.published("/pricing")
        all_are_read(server)
        well = server.until("/readyz", lambda answer: answer.status == 200)
        assert json.loads(well.body)["undelivered"] > 0 and json.loads(well.body)["spooled"] == 0
        assert [path for path in disk.rglob(".tmp*") if path.is_file()] == []
    text = server.log.read_text()
    levels = Counter((line["level"], line["logger"]) for line in lines(text))
    assert levels["critical", "leads.intake"] == 1
    assert levels["error", "pages.publish.publisher"] == levels["error", "pages.publish.content_status"] == 1
    assert "secret" not in text and "Priya" not in text


def test_what_was_published_is_served_by_a_site_that_starts_on_a_full_disk(tmp_path, disk):
    where = everything_on(disk)
    with serving(tmp_path / "site", takes_leads=True, **where) as server:
        server.published("/pricing")
        where["SITE_URL"] = server.url
    with filled(disk), serving(tmp_path / "site", **where) as server:
        environment = os.environ | where | {"SECRET_KEY": SECRET_KEY, "DJANGO_SETTINGS_MODULE": SETTINGS}
        watch = [sys.executable, "manage.py", "deliver", "--watch"]
        with (tmp_path / "delivering").open("w") as out:
            delivering = subprocess.Popen(watch, cwd=ROOT, env=environment, stderr=out)
        try:
            assert server.published("/pricing").status == 200
            assert send(server).status == 503
            time.sleep(2)
            assert delivering.poll() is None
        finally:
            delivering.terminate()
            delivering.wait(PATIENCE)
    said = lines((tmp_path / "delivering").read_text())
    assert any("the database does not answer" in str(line["message"]) for line in said)
    lines(server.log.read_text())


@needs_postgres
def test_with_the_database_stopped_pages_are_served_and_leads_wait_in_the_spool(tmp_path, database):
    with serving(tmp_path / "site", takes_leads=True, DATABASE_URL=database.url) as server:
        server.published("/speculation-rules.json")
        server.until("/search?q=mlops", lambda answer: "<mark>MLOps</mark>" in answer.text)
        assert readiness(server)[0] == 200
        database.stop()
        all_are_read(server)
        assert send(server).status == 303
        status, told = readiness(server)
        assert (status, told["spooled"], told["database"]) == (503, 1, "OperationalError")
        assert told["unwell"] == ["the database does not answer; leads wait in the spool"]
        page = server.content / "pricing.md"
        page.write_text(page.read_text().replace("**Headline:**", "**Headline:** Lately,"))
        server.until("/pricing", lambda answer: "Lately," in answer.text)
        database.start()
        assert send(server).status == 303
        deliver(database.url, tmp_path / "site")
        status, told = readiness(server)
        assert (status, told["spooled"], told["undelivered"]) == (200, 0, 2)
    said = [line for line in lines(server.log.read_text()) if line["logger"] == "leads.intake"]
    assert [line["message"] for line in said] == [
        "the database took no lead (OperationalError), so it waits in the spool"
    ]
    assert "secret" not in server.log.read_text() and "Priya" not in server.log.read_text()
