"""Fixtures: Chromium, and the site as served by gunicorn."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, Server, free_port, serving, shared, wait_until_ready
from .every_page import DOCUMENTS, EXTRA_DOCUMENTS, SHIPPED_PATHS

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# The headless shell is Chromium without its user interface. It opens a page in half the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).resolve().parent
ARTIFACTS = ROOT / "test-artifacts"


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def require(path: Path | str | None, reason: str) -> str:
    """Return the path of a tool. If the tool is missing, skip the test. With REQUIRE_BROWSER, fail the test."""
    if not path or not Path(path).exists():
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
    return str(path)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample site, with the documents in fixtures/documents. All test processes share it."""
    with shared(tmp_path_factory, "every-page", _serve_every_page) as running:
        yield running


@contextmanager
def development_server(project: Path, content: Path, env: dict[str, str]) -> Iterator[Server]:
    """Run `manage.py runserver` of `project` with its reloader, in a process group of its own."""
    log, port = content.parent / "log", free_port()
    env = env | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "DEBUG": "1"}
    run = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"]
    with log.open("wb") as out:
        process = subprocess.Popen(run, cwd=project, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            server = Server(port, content, log, process)
            wait_until_ready(lambda: server.get("/livez").status == 200, process, log)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE)


@contextmanager
def _serve_every_page(folder: Path) -> Iterator[Server]:
    with serving(folder, takes_leads=True, makes_files=True, WEB_CONCURRENCY="1") as running:
        images = running.content / "images"
        images.mkdir(exist_ok=True)
        shutil.copy(ROOT / "static" / "img" / "icon.svg", images)
        for document in EXTRA_DOCUMENTS:
            text = document.read_bytes().replace(b"/static/img/icon.svg", b"/images/icon.svg")
            (running.content / document.name).write_bytes(text)
        for path in DOCUMENTS:
            running.until(path, lambda response: response.status == 200)
        running.until("/search?q=mlops", lambda response: "<mark>MLOps</mark>" in response.text)
        yield running


@pytest.fixture(scope="session")
def shipped_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site with the shipped content. All test processes share it."""
    with shared(tmp_path_factory, "shipped", _serve_shipped_content) as running:
        yield running


@contextmanager
def _serve_shipped_content(folder: Path) -> Iterator[Server]:
    shutil.copytree(ROOT / "content", folder / "content")
    with serving(folder, takes_leads=True, WEB_CONCURRENCY="1") as running:
        for path in SHIPPED_PATHS:
            running.until(path, lambda response: response.status == 200)
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    path = HERE / "node_modules" / "axe-core" / "axe.min.js"
    return Path(require(path, "no axe-core here (make browser-tools)")).read_text()


@pytest.fixture(scope="module")
def chromium():
    """A browser for one test module. While it is open, Django's test client can't run.

    The browser and the client both need the thread's event loop.
    """
    path = require(find_chromium(), "no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, server, request) -> Iterator[object]:
    """Return a function that opens a path of the site in a window of the given width.

    The page object records `console_messages` and `requested_urls`. If the test fails, a screenshot of each page
    is saved.
    """
    contexts = []
    pages = []

    def open_at(path: str, width: int = 1440, height: int = 900, site: Server = server, **options: object):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.console_messages = []
        page.requested_urls = []
        page.on("console", lambda message: page.console_messages.append(message.text))
        page.on("pageerror", lambda error: page.console_messages.append(str(error)))
        page.on("request", lambda sent: page.requested_urls.append(sent.url))
        page.goto(site.url + path, wait_until="load")
        pages.append(page)
        return page

    yield open_at
    if getattr(request.node, "failed", False):
        _save_screenshots(request.node.name, pages)
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def window(chromium) -> Iterator[object]:
    context = chromium.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(window, server, request) -> Iterator[Callable[..., object]]:
    """Return a function that opens a path of the site in a window that all tests of the module share.

    A new window would take three times as much processor time as a page. The tests may change the window's media and
    size, but no cookies. If the test fails, a screenshot is saved.
    """

    def visit_at(path: str, width: int = 1440, height: int = 900):
        window.set_viewport_size({"width": width, "height": height})
        window.emulate_media(media="null", color_scheme="light", forced_colors="none")
        window.goto(server.url + path, wait_until="load")
        return window

    yield visit_at
    if getattr(request.node, "failed", False):
        _save_screenshots(request.node.name, [window])


def _save_screenshots(test: str, pages: list) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    for number, page in enumerate(pages):
        page.screenshot(path=ARTIFACTS / f"{re.sub(r'[^a-z0-9]+', '-', test)}-{number}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report
