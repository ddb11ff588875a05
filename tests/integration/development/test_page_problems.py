"""In development, a page shows its document's problems beside their sections. In production it doesn't."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ...conftest import ROOT, SEED_URL

INVALID = ROOT / "tests" / "fixtures" / "invalid"

# META and two sections have problems. The section between these two sections has none.
# In the first document of PLACES, META is the first section. In the second document, META is the last section.
HERO = "## HERO\n\n**[Nowhere to Go]**\n\n## WITHOUT PROBLEMS\n\nWords.\n\n"
CLOSING = "## READY TO START?\n\nWords.\n\n**[Nowhere Either]**\n\n"
META = "## META\n\n```\nDescription: A page whose document is wrong in many places, and is items all the same.\n```\n\n"
TOP = "# Broken\n## /hire/broken\n\n"
PLACES = {"META first": TOP + META + HERO + CLOSING, "META last": TOP + HERO + CLOSING + META}


def write(content: Path, text: str) -> None:
    (content / "hire" / "broken.md").write_text(text)


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


def asides(response) -> list:
    return BeautifulSoup(response.content, "html.parser").select("aside.problems")


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_meta_problems_are_above_the_page_and_section_problems_are_beside_the_section(client, content, debug, text):
    write(content, text)
    response = client.get("/hire/broken")
    assert response.status_code == 200
    top, hero, closing = asides(response)
    assert (top["aria-label"], hero["aria-label"]) == ("Problems of this page", "Problems in this section")
    assert "missing-title" in top.text and "cta-target" not in top.text
    assert "missing-headline" in hero.text and "Nowhere to Go" in hero.text and "Nowhere Either" not in hero.text
    assert "Nowhere Either" in closing.text and "missing-" not in closing.text
    assert "hero" in hero.find_next_sibling()["class"]
    assert "closing" in closing.find_next_sibling()["class"]


@pytest.mark.parametrize("key", ["Status: draft", "Publish: 2999-12-01"])
def test_problems_of_a_page_that_is_not_live_are_shown_on_it(client, content, debug, key):
    write(content, PLACES["META first"].replace("Description", f"{key}\nDescription"))
    assert "missing-title" in asides(client.get("/hire/broken"))[0].text


def test_all_parts_of_a_problem_are_shown(client, content, debug):
    write(content, PLACES["META first"])
    items = asides(client.get("/hire/broken"))[-1].select("li")
    [problem] = [item for item in items if "cta-target" in item.text]
    line = PLACES["META first"].split("\n").index("**[Nowhere Either]**") + 1
    assert problem.find("strong").text == "✖ error"
    for words in ("cta-target: ", "help: ", f"content/hire/broken.md:{line}:"):
        assert words in problem.text
    source_line, marker = problem.find("pre").text.split("\n")
    assert source_line.endswith("| **[Nowhere Either]**")
    assert marker.strip().startswith("| ") and marker[source_line.index("Nowhere")] == "^"


def test_conflicts_between_documents_are_shown_on_the_page(client, content, debug):
    write(content, PLACES["META last"].replace("Description", f"Aliases: {SEED_URL}\nDescription"))
    assert "doubled-url" in asides(client.get("/hire/broken"))[0].text


def test_document_text_is_escaped(client, content, debug):
    write(content, TOP + HERO.replace("Nowhere to Go", "<script>alert(1)</script>"))
    assert b"<script>alert" not in client.get("/hire/broken").content


def test_problems_in_site_toml_are_shown_above_every_page(client, content, debug):
    (content / "site.toml").write_text("[calls_to_action\n")
    assert "content/site.toml:1:" in asides(client.get(SEED_URL))[0].text
    assert "content/site.toml:1:" in asides(client.get("/"))[0].text


def test_notices_in_facts_toml_are_shown_above_the_home_page_only(client, content, debug):
    (content / "facts.toml").write_text((INVALID / "stale-fact" / "content" / "facts.toml").read_text())
    [problem] = [item for item in asides(client.get("/"))[0].select("li") if "stale-fact" in item.text]
    assert problem.find("strong").text == "ℹ notice" and "content/facts.toml:5:13" in problem.text
    assert "stale-fact" not in client.get(SEED_URL).content.decode()
    (content / "facts.toml").write_text("[price\n")
    assert "content/facts.toml:1:" in asides(client.get(SEED_URL))[0].text


def test_problems_of_a_document_without_a_page_are_on_the_404_page(client, content, debug):
    write(content, "# Broken\n## /hire/br oken\n")
    response = client.get("/hire/broken")
    assert response.status_code == 404
    assert "bad-url" in asides(response)[0].text


@pytest.mark.parametrize("path", ["/hire/broken", "/", "/hire/none"])
def test_production_shows_no_problems(client, content, path):
    (content / "hire" / "empty.md").write_text("")
    write(content, PLACES["META first"])
    response = client.get(path)
    assert response.status_code == (404 if path == "/hire/none" else 200)
    for trace in (
        b'"problems"',
        b"problems.css",
        b"cta-target",
        b"missing-",
        b"empty-document",
        b"content/hire",
        b"browser-reload",
    ):
        assert trace not in response.content


def installed(debug: str) -> str:
    """Return the development apps and modules that the application loads with DEBUG set to `debug`."""
    program = (
        "import sys, django; django.setup(); from django.conf import settings; from django.urls import get_resolver;"
        "print(*settings.INSTALLED_APPS, *settings.MIDDLEWARE, *sys.modules, *get_resolver().url_patterns)"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "DEBUG": debug}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    ).stdout


def test_production_does_not_load_live_reload_or_the_editor():
    in_production, in_development = installed("0"), installed("1")
    for trace in ("browser_reload", "__reload__", "pages.development.live_reload", "__edit__"):
        assert trace not in in_production
        assert trace in in_development
    assert "pages.development" not in in_production
