"""Test the site with a full disk or a stopped database: it keeps serving pages, and recovers by itself."""

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

from pages.atomic_files import TEMPORARY_PREFIX
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL, Server, serving
from ...support.postgres import Postgres, needs_postgres
from .databases import own_server
from .processes import wait_until
from .visitors import FORM_DATA, Response, open_forms

EMAIL = "priya@secret.example"
SECRET_KEY = "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
SETTINGS = "layersrank_site.settings"
PATHS = (
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


def submit_form(server: Server) -> Response:
    """Open the form, fill it in and submit it."""
    [form] = open_forms(server.port, 1)
    return form.submit(EMAIL)


def readiness(server: Server) -> tuple[int, dict]:
    """Return the status and the JSON of /readyz."""
    response = server.get("/readyz")
    return response.status, json.loads(response.body)


def log_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def check_pages(server: Server) -> None:
    """Check that the site responds with 200 to all PATHS, and with 404 to an unknown path."""
    assert {path: server.get(path).status for path in PATHS} == dict.fromkeys(PATHS, 200)
    assert server.get("/no-such-page").status == 404


def deliver(database: str, folder: Path) -> None:
    """Save spooled leads to the database."""
    environment = {"DATABASE_URL": database, "SPOOL_DIR": str(folder / "spool"), "SECRET_KEY": SECRET_KEY}
    environment |= {"DJANGO_SETTINGS_MODULE": SETTINGS}
    command = [sys.executable, "manage.py", "deliver"]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system for one test."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=130m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a file system needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def environment_on(disk: Path) -> dict[str, str]:
    """Return environment variables that make the site write only to `disk`."""
    database = f"sqlite:///{disk / 'db.sqlite3'}"
    return {"BUILD_DIR": str(disk / "build"), "SPOOL_DIR": str(disk / "spool"), "DATABASE_URL": database}


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Keep the file system of `folder` full until the `with` block ends."""
    path = folder / "filler"
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
    """A running PostgreSQL server."""
    with own_server() as server:
        yield server


def test_pages_are_served_but_forms_are_refused_while_the_disk_is_full(tmp_path, disk):
    with serving(tmp_path / "site", takes_leads=True, **environment_on(disk)) as server:
        server.published("/llms.txt")
        server.until("/search?q=mlops", lambda response: "<mark>MLOps</mark>" in response.text)
        server.until(
            "/readyz", lambda response: response.status == 200 and json.loads(response.body)["content_errors"] == 0
        )
        page = server.content / "pricing.md"
        with filled(disk):
            check_pages(server)
            response = submit_form(server)
            assert response.status == 503 and "was not saved" in response.text
            assert all(f'value="{value}"' in response.text for value in (EMAIL, *FORM_DATA.values()))
            status, report = readiness(server)
            assert (status, report["disk_free_mb"]) == (503, 0)
            pages, database = "the published pages (BUILD_DIR)", "the database"
            assert report["unwell"] == [
                "the database doesn't respond, and the spool isn't writable: no lead can be saved",
                f"less than 100 MB are free on the disk of {pages}, {database} and the spool (SPOOL_DIR)",
                f"the site cannot write to the disk of {pages}: No space left on device",
                f"the site cannot write to the disk of {database}: No space left on device",
            ]
            page.write_text(page.read_text().replace("**Headline:**", "**Headline:** Lately,"))
            for _ in range(70):  # These 7 seconds are longer than the publisher's retry interval.
                assert server.get("/pricing", **{"Accept-Encoding": "br"}).status == 200
                time.sleep(0.1)
            check_pages(server)
        assert submit_form(server).is_thank_you
        server.until("/pricing", lambda response: "Lately," in response.text)
        assert server.published("/pricing")
        check_pages(server)
        report = json.loads(server.until("/readyz", lambda response: response.status == 200).body)
        assert report["undelivered"] > 0 and report["spooled"] == 0
        assert [path for path in disk.rglob(f"{TEMPORARY_PREFIX}*") if path.is_file()] == []
    text = server.log.read_text()
    levels = Counter((line["level"], line["logger"]) for line in log_lines(text))
    assert levels["critical", "leads.intake"] == 1
    assert levels["error", "pages.publish.publishing_loop"] == levels["error", "pages.publish.content_status"] == 1
    assert "secret" not in text and "Priya" not in text


def test_site_that_starts_on_a_full_disk_serves_published_pages(tmp_path, disk):
    variables = environment_on(disk)
    with serving(tmp_path / "site", takes_leads=True, **variables) as server:
        server.published("/pricing")
        variables["SITE_URL"] = server.url
    with filled(disk), serving(tmp_path / "site", **variables) as server:
        environment = os.environ | variables | {"SECRET_KEY": SECRET_KEY, "DJANGO_SETTINGS_MODULE": SETTINGS}
        command = [sys.executable, "manage.py", "deliver", "--watch"]
        with (tmp_path / "worker-log").open("w") as out:
            worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=out)
        try:
            assert server.published("/pricing").status == 200
            assert submit_form(server).status == 503
            worker_log = tmp_path / "worker-log"
            wait_until(lambda: "the database doesn't respond" in worker_log.read_text(), "the worker logs the failure")
            time.sleep(1)
            assert worker.poll() is None  # it goes on
        finally:
            worker.terminate()
            worker.wait(PATIENCE)
    log_lines(worker_log.read_text())
    log_lines(server.log.read_text())


@needs_postgres
def test_pages_are_served_and_leads_are_spooled_while_the_database_is_down(tmp_path, database):
    with serving(tmp_path / "site", takes_leads=True, DATABASE_URL=database.url) as server:
        server.published("/llms.txt")
        server.until("/search?q=mlops", lambda response: "<mark>MLOps</mark>" in response.text)
        assert readiness(server)[0] == 200
        database.stop()
        check_pages(server)
        assert submit_form(server).is_thank_you
        status, report = readiness(server)
        assert (status, report["spooled"], report["database"]) == (503, 1, "OperationalError")
        assert report["unwell"] == ["the database doesn't respond: leads are saved to the spool"]
        page = server.content / "pricing.md"
        page.write_text(page.read_text().replace("**Headline:**", "**Headline:** Lately,"))
        server.until("/pricing", lambda response: "Lately," in response.text)
        database.start()
        assert submit_form(server).is_thank_you
        deliver(database.url, tmp_path / "site")
        status, report = readiness(server)
        assert (status, report["spooled"], report["undelivered"]) == (200, 0, 2)
    lines = [line for line in log_lines(server.log.read_text()) if line["logger"] == "leads.intake"]
    assert [line["message"] for line in lines] == [
        "the database failed (OperationalError): a lead was saved to the spool"
    ]
    assert "secret" not in server.log.read_text() and "Priya" not in server.log.read_text()
