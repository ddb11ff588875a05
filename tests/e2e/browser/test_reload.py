"""Live reload with the server that `make dev` starts: an open page shows each edit."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SAMPLE_SITE, SEED_URL
from .conftest import development_server

META = "Title: New\nDescription: A page that is new, and that says enough of itself for a search result.\n"
NEW = f"# New\n## /hire/new\n\n## META\n\n```\n{META}```\n\n## SOMETHING\n\nFresh words.\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the sample site, so that templates and stylesheets can be edited too."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(SAMPLE_SITE, folder / "content")
    for name in ("templates", "static", "leads", "pages", "layersrank_site"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "var").mkdir()
    return folder


@pytest.fixture(scope="module")
def server(project: Path):
    env = {name: value for name, value in os.environ.items() if name not in ("CONTENT_DIR", "CONTENT_RELOAD")}
    with development_server(project, project / "content", env | {"PYTHONDONTWRITEBYTECODE": "1"}) as running:
        yield running


@pytest.fixture
def open_reloading(open_page):
    """Open a page, and wait a second, because the test can't see when the page's reload script has connected."""

    def opened(path: str):
        page = open_page(path)
        page.wait_for_timeout(1000)
        return page

    return opened


def wait_for_text(page, text: str) -> None:
    """Wait until the page shows `text` and its reload script has reconnected.

    Before that, the script could miss an edit.
    """
    page.get_by_text(text).first.wait_for(timeout=1000 * PATIENCE)
    page.wait_for_load_state("load")
    page.wait_for_timeout(700)


def test_page_reloads_after_each_edit_of_its_document(open_reloading, server):
    seed = server.content / "hire" / "machine-learning-engineer.md"
    text = seed.read_text()
    page = open_reloading(SEED_URL)
    for words in ("Who Mend Models", "Who Keep Models", "Who Ship Models"):
        seed.write_text(text.replace("Who Ship Models", words))
        wait_for_text(page, words)
    assert [text for text in page.console_messages if "django-browser-reload connected" not in text] == []


def test_page_reloads_when_a_document_is_added_or_broken_or_fixed_or_deleted(open_reloading, server):
    new = server.content / "hire" / "new.md"
    page = open_reloading("/hire/new")
    wait_for_text(page, "Page not found")
    new.write_text(NEW)
    wait_for_text(page, "Fresh words.")
    new.write_text(NEW.replace("Title: New\n", "").replace("Fresh", "Broken"))
    wait_for_text(page, "missing-title")
    wait_for_text(page, "Broken words.")
    assert page.locator(".problems").first.evaluate("element => getComputedStyle(element).borderTopStyle") == "dashed"
    new.write_text(NEW.replace("Fresh", "Fixed"))
    wait_for_text(page, "Fixed words.")
    assert page.get_by_text("missing-title").count() == 0
    new.unlink()
    wait_for_text(page, "Page not found")


def test_the_404_page_shows_the_error_of_an_unreadable_document(open_reloading, server):
    new = server.content / "hire" / "latin.md"
    page = open_reloading("/hire/latin")
    new.write_bytes(b"# Caf\xe9\n## /hire/latin\n")
    wait_for_text(page, "content/hire/latin.md:1:6")
    new.write_text(NEW.replace("/hire/new", "/hire/latin"))
    wait_for_text(page, "Fresh words.")
    new.unlink()


def test_page_reloads_after_edits_of_templates_and_stylesheets(open_reloading, project):
    footer, added = project / "templates/partials/footer.html", project / "templates/partials/added.html"
    text = footer.read_text()
    page = open_reloading(SEED_URL)
    footer.write_text(text.replace("<div", "<p>Changed template</p><div", 1))
    wait_for_text(page, "Changed template")
    footer.write_text(text.replace("<div", '{% include "partials/added.html" %}<div', 1))
    wait_for_text(page, "TemplateDoesNotExist")
    added.write_text("<p>Added template</p>")
    wait_for_text(page, "Added template")
    sheet = project / "static/css/base.css"
    sheet.write_text(sheet.read_text() + "body { outline: 3px solid rgb(1, 2, 3); }")
    color = "getComputedStyle(document.body).outlineColor === 'rgb(1, 2, 3)'"
    page.wait_for_function(f"() => document.body && {color}", timeout=1000 * PATIENCE)
