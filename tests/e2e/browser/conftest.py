"""A real browser (Debian's Chromium) before the site as gunicorn serves it."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...conftest import ROOT, Server, serving
from .every_page import DOCUMENTS, OTHER_SHAPES, SHIPPED_PATHS

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HERE = Path(__file__).resolve().parent
ARTIFACTS = HERE.parent.parent / "test-artifacts"


def needed(found: Path | str | None, reason: str) -> str:
    """What a test stands on; without it the test is skipped, and fails where REQUIRE_BROWSER says so."""
    if not found or not Path(found).exists():
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
    return str(found)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site, with the documents of other shapes among its own."""
    with serving(tmp_path_factory.mktemp("every-page"), takes_leads=True) as running:
        images = running.content / "images"
        images.mkdir(exist_ok=True)
        shutil.copy(ROOT / "static" / "img" / "icon.svg", images)
        for document in OTHER_SHAPES:
            text = document.read_bytes().replace(b"/static/img/icon.svg", b"/images/icon.svg")
            (running.content / document.name).write_bytes(text)
        for path in DOCUMENTS:
            running.until(path, lambda answer: answer.status == 200)
        running.until("/search?q=mlops", lambda answer: "<mark>MLOps</mark>" in answer.text)
        yield running


@pytest.fixture(scope="session")
def shipped_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site with the content that is shipped."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(ROOT / "content", folder / "content")
    with serving(folder, takes_leads=True) as running:
        for path in SHIPPED_PATHS:
            running.until(path, lambda answer: answer.status == 200)
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source."""
    path = HERE / "node_modules" / "axe-core" / "axe.min.js"
    return Path(needed(path, "no axe-core here (make browser-tools)")).read_text()


@pytest.fixture(scope="module")
def chromium():
    """One browser a module: while it runs, Django's test client cannot, since both want the thread's event loop."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    path = needed(path, "no Chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, server, request) -> Iterator[object]:
    """Opens a path of the site at a width; what the browser complains of gathers in `page.complaints`. A test that
    fails leaves a picture of each page."""
    contexts = []
    pages = []

    def opened(path: str, width: int = 1440, height: int = 900, site: Server = server, **options: object):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.fetched = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda sent: page.fetched.append(sent.url))
        page.goto(site.url + path, wait_until="load")
        pages.append(page)
        return page

    yield opened
    if getattr(request.node, "failed", False):
        ARTIFACTS.mkdir(exist_ok=True)
        for number, page in enumerate(pages):
            page.screenshot(
                path=ARTIFACTS / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name)}-{number}.png", full_page=True
            )
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report
