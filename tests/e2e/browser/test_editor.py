"""The editor of `make dev` in a browser: a writer saves text, the page shows it, and no text is lost."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SAMPLE_SITE, SEED_URL
from .conftest import development_server

SEED_FILE = "hire/machine-learning-engineer.md"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    """Run `manage.py runserver` with its reloader, which starts live reload."""
    folder: Path = tmp_path_factory.mktemp("editor")
    shutil.copytree(SAMPLE_SITE, folder / "content")
    (folder / "data").mkdir()
    env = os.environ | {"CONTENT_DIR": str(folder / "content"), "DATA_DIR": str(folder / "data")}
    with development_server(ROOT, folder / "content", env) as running:
        yield running


@pytest.fixture
def seed(server):
    """The seed document, which is restored after the test."""
    path = server.content / SEED_FILE
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


@pytest.fixture
def edit(open_page):
    """Open a page, wait until its reload script has connected, and open the first section with `words` in its label."""

    def opened(words: str, **options):
        page = open_page(SEED_URL, **options)
        page.set_default_timeout(1000 * PATIENCE)
        page.wait_for_timeout(1000)
        pencil = page.get_by_role("button", name=re.compile(f"^Edit .*{words}")).first
        pencil.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.activeElement.matches('.editor-text')")
        return page, page.locator(".editor-text"), pencil

    return opened


def has_status(page, text: str) -> None:
    page.locator(".editor-status", has_text=text).wait_for()


def test_saved_words_appear_on_the_page_and_nothing_else_changes(edit, seed):
    before = seed.read_bytes()
    page, area, pencil = edit("CHALLENGE")
    text = area.input_value()
    assert text.encode() in before
    area.press("Control+End")
    page.keyboard.type("\n\nWords written beside the page.")
    assert page.locator(".editor-save").is_enabled()
    page.keyboard.press("Control+s")
    page.locator("main section").get_by_text("Words written beside the page.").wait_for()
    has_status(page, "Saved")
    added = f"{text}\n\nWords written beside the page.".encode()
    assert seed.read_bytes() == before.replace(text.encode(), added)
    assert area.input_value() == added.decode()
    page.wait_for_load_state("load")
    page.keyboard.press("Escape")
    page.locator(".editor").wait_for(state="hidden")
    assert pencil.evaluate("element => element === document.activeElement")
    assert [text for text in page.console_messages if "django-browser-reload connected" not in text] == []


def test_problems_appear_while_typing_and_lead_to_their_place(edit, seed):
    page, area, _ = edit("META")
    page.locator(".editor-problems[data-count]").wait_for()
    area.fill(area.input_value().replace("Title:", "Titel:"))
    problem = page.locator(".editor-problems li", has_text="Titel").locator("button")
    problem.click()
    assert area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == "Titel"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard my changes").click()
    page.locator(".editor").wait_for(state="hidden")
    assert b"Titel" not in seed.read_bytes()


def test_nothing_typed_is_lost(edit, seed):
    """The text is kept when the page reloads, and when the same section changes in the file."""
    page, area, _ = edit("CHALLENGE", width=390)
    area.press("Control+End")
    page.keyboard.type("\nMine.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep writing").click()
    text = seed.read_text()
    heading = re.search(r"^## .*CHALLENGE$", text, re.MULTILINE)[0]
    seed.write_text(text.replace(heading, f"{heading}\n\nTheirs."))
    page.locator("main section").get_by_text("Theirs.").wait_for()
    page.locator(".editor-conflict").wait_for()
    assert area.input_value().endswith("\nMine.")
    assert "Theirs." in page.locator(".editor-other").text_content()
    page.get_by_role("button", name="Swap the two versions").click()
    assert "Theirs." in area.input_value()
    assert page.locator(".editor-other").text_content().endswith("\nMine.")
    page.get_by_role("button", name="Swap the two versions").click()
    page.get_by_role("button", name="Save the text above").click()
    page.locator("main section").get_by_text("Mine.").first.wait_for()
    assert "Theirs." not in seed.read_text() and "\nMine." in seed.read_text()


def test_unsaved_words_are_kept_when_the_writer_leaves_the_page(edit, server, seed):
    page, area, _ = edit("CHALLENGE")
    area.press("Control+End")
    page.keyboard.type("\nUnsaved words.")
    page.goto(server.url + "/pricing")
    page.goto(server.url + SEED_URL)
    assert page.locator(".editor").is_hidden()
    page.get_by_role("button", name=re.compile("^Edit .*CHALLENGE")).first.click()
    has_status(page, "Your unsaved text is back.")
    assert area.input_value().endswith("\nUnsaved words.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard my changes").click()
    assert "Unsaved words." not in seed.read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_is_accessible(edit, axe, scheme):
    page, area, _ = edit("CHALLENGE", color_scheme=scheme)
    area.fill(f"{area.input_value()}\n\n[Nowhere](/nowhere)")
    page.locator(".editor-problems li").wait_for()
    page.keyboard.press("Escape")
    page.evaluate(axe)
    found = page.evaluate("axe.run('.editor, .pencils')")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    page.get_by_role("button", name="Discard my changes").click()
