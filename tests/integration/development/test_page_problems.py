"""In development a page shows what is wrong with its document, beside the section that has it; in production, not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ...conftest import ROOT, SEED_URL

# A problem in META and in each of two sections, with one between them that has none; and a META that stands last.
HERO = "## HERO\n\n**[Nowhere to Go]**\n\n## WITHOUT PROBLEMS\n\nWords.\n\n"
CLOSING = "## READY TO START?\n\nWords.\n\n**[Nowhere Either]**\n\n"
META = "## META\n\n```\nDescription: A page whose document is wrong in many places, and is shown all the same.\n```\n\n"
TOP = "# Broken\n## /hire/broken\n\n"
PLACES = {"META first": TOP + META + HERO + CLOSING, "META last": TOP + HERO + CLOSING + META}


def write(content: Path, text: str) -> None:
    (content / "hire" / "broken.md").write_text(text)


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


def asides(answer) -> list:
    return BeautifulSoup(answer.content, "html.parser").select("aside.problems")


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_each_problem_stands_beside_its_section_and_metas_over_the_page(client, content, debug, text):
    write(content, text)
    answer = client.get("/hire/broken")
    assert answer.status_code == 200
    top, hero, closing = asides(answer)
    assert (top["aria-label"], hero["aria-label"]) == ("Problems of this page", "Problems in this section")
    assert "missing-title" in top.text and "cta-target" not in top.text
    assert "missing-headline" in hero.text and "Nowhere to Go" in hero.text and "Nowhere Either" not in hero.text
    assert "Nowhere Either" in closing.text and "missing-" not in closing.text
    assert "hero" in hero.find_next_sibling()["class"]
    assert "closing" in closing.find_next_sibling()["class"]


def test_a_problem_says_level_rule_place_help_and_shows_the_line_with_its_marker(client, content, debug):
    write(content, PLACES["META first"])
    shown = asides(client.get("/hire/broken"))[-1].select("li")
    [problem] = [item for item in shown if "cta-target" in item.text]
    line = PLACES["META first"].split("\n").index("**[Nowhere Either]**") + 1
    assert problem.find("strong").text == "✖ error"
    for words in ("cta-target: ", "help: ", f"content/hire/broken.md:{line}:"):
        assert words in problem.text
    shown, marker = problem.find("pre").text.split("\n")
    assert shown.endswith("| **[Nowhere Either]**")
    assert marker.strip().startswith("| ") and marker[shown.index("Nowhere")] == "^"


def test_a_problem_that_only_the_whole_site_shows_is_the_pages_too(client, content, debug):
    write(content, PLACES["META last"].replace("Description", f"Aliases: {SEED_URL}\nDescription"))
    assert "doubled-url" in asides(client.get("/hire/broken"))[0].text


def test_what_a_document_says_stays_text(client, content, debug):
    write(content, TOP + HERO.replace("Nowhere to Go", "<script>alert(1)</script>"))
    assert b"<script>alert" not in client.get("/hire/broken").content


def test_broken_site_settings_stand_over_every_page(client, content, debug):
    (content / "site.toml").write_text("[calls_to_action\n")
    assert "content/site.toml:1:" in asides(client.get(SEED_URL))[0].text
    assert "content/site.toml:1:" in asides(client.get("/"))[0].text


def test_a_document_that_is_on_no_page_is_named_where_its_page_is_looked_for(client, content, debug):
    write(content, "# Broken\n## /hire/br oken\n")
    answer = client.get("/hire/broken")
    assert answer.status_code == 404
    assert "bad-url" in asides(answer)[0].text


@pytest.mark.parametrize("path", ["/hire/broken", "/", "/hire/none"])
def test_in_production_there_is_no_trace_of_them(client, content, path):
    (content / "hire" / "empty.md").write_text("")
    write(content, PLACES["META first"])
    answer = client.get(path)
    assert answer.status_code == (404 if path == "/hire/none" else 200)
    for trace in (
        b'"problems"',
        b"problems.css",
        b"cta-target",
        b"missing-",
        b"empty-document",
        b".md",
        b"browser-reload",
    ):
        assert trace not in answer.content


def installed(debug: str) -> str:
    """What of development the application loads, by the environment's DEBUG."""
    program = (
        "import sys, django; django.setup(); from django.conf import settings; from django.urls import get_resolver;"
        "print(*settings.INSTALLED_APPS, *settings.MIDDLEWARE, *sys.modules, *get_resolver().url_patterns)"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "DEBUG": debug}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    ).stdout


def test_production_knows_nothing_of_reloading():
    assert all(
        trace not in installed("0") for trace in ("browser_reload", "__reload__", "pages.development.live_reload")
    )
    assert all(trace in installed("1") for trace in ("browser_reload", "__reload__", "pages.development.live_reload"))
