"""Inline stylesheets and scripts: what they contain, and their hashes in the Content-Security-Policy."""

import base64
import hashlib
import re

import pytest

from pages.content.sections import KINDS
from pages.http.page_script import SCRIPTS
from pages.http.stylesheet import COMPONENTS

from ...conftest import ROOT, SEED_URL

FOLDER = ROOT / "static" / "css"
CSS = sorted(FOLDER.rglob("*.css"))
SEARCH = "/search?q=engineer"
CALCULATOR, BANK = "/resources/roi-calculator", "/resources/question-bank"


def style_of(response):
    return re.search(r"<style[^>]*>(.*?)</style>", response.text, re.DOTALL)[1]


def hash_source(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("path", [SEED_URL, "/", SEARCH, "/no-such-page"])
def test_the_policy_has_the_hash_of_the_inline_style(server, path):
    for _ in range(2):  # the second response may come from a cache
        response = server.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert f"style-src 'self' {hash_source(style_of(response))};" in policy
        assert "script-src 'self' 'inline-speculation-rules';" in policy and "<script>" not in response.text


@pytest.mark.parametrize(
    ("path", "text"), [(BANK, "bank-index"), (CALCULATOR, "calculation"), (f"{CALCULATOR}?hires=x", "calculation")]
)
def test_the_policy_has_the_hash_of_the_inline_script(server, path, text):
    response = server.get(path)
    (script,) = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    (rules,) = re.findall(r'<script type="speculationrules">(.*?)</script>', response.text, re.DOTALL)
    assert text in script and "// Without this script" not in script
    hashes = f"{hash_source(script)} {hash_source(rules)}"
    assert f"; script-src 'self' {hashes}; " in response.headers["Content-Security-Policy"]


def test_every_script_is_used():
    assert sorted(SCRIPTS) == sorted(path.stem for path in (ROOT / "static" / "js").iterdir())


@pytest.mark.parametrize("path", [SEED_URL, "/robots.txt", "/static/img/icon.svg"])
def test_a_304_response_keeps_the_policy(server, path):
    response = server.get(path)
    not_modified = server.get(path, **{"If-None-Match": response.headers["ETag"]})
    assert not_modified.status == 304
    assert not_modified.headers["Content-Security-Policy"] == response.headers["Content-Security-Policy"]


def test_a_304_response_from_django_keeps_the_policy(client):
    response = client.get(SEED_URL)
    not_modified = client.get(SEED_URL, headers={"If-None-Match": response["ETag"]})
    assert not_modified.status_code == 304
    assert not_modified["Content-Security-Policy"] == response["Content-Security-Policy"]


def test_a_page_contains_only_the_styles_of_its_components(server):
    seed, search = style_of(server.get(SEED_URL)), style_of(server.get(SEARCH))
    assert ".plans" in seed and ".search-results" not in seed
    assert ".search-results" in search and ".plans" not in search


def test_neighboring_blocks_of_a_layer_are_joined(server):
    style = style_of(server.get(SEED_URL))
    assert style.count("@layer components{") <= style.count("@layer print{") + 1
    assert style.count("{") == style.count("}")


def test_every_stylesheet_is_used(server):
    linked = re.findall(r"css/([\w-]+)\.css", (ROOT / "templates" / "partials" / "style.html").read_text())
    assert sorted(linked) == sorted(path.stem for path in FOLDER.glob("*.css"))
    assert sorted(COMPONENTS) == sorted(path.stem for path in (FOLDER / "components").iterdir())


def test_each_component_is_named_after_a_class_or_an_element():
    """Search the templates, and the two modules that create HTML, for the names of classes and elements.

    The templates don't contain all class names as text, so the test adds some: `split.html` uses the name of a
    section's kind as a class, and some classes end with a loop counter, as in `order-1`.

    Each script must be named after a class, too.
    """
    content = ROOT / "pages" / "content"
    markup = (content / "markup.py").read_text() + (content / "media_markup.py").read_text()
    markup += "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    attributes = re.sub(r"{[%{]?[^{}]*[%}]?}", " ", markup.replace("{{ forloop.counter }}", "1"))
    classes = {name for names in re.findall(r'class="([^"]*)"', attributes) for name in names.split()}
    kinds = {kind.__name__.rpartition(".")[2] for kind in KINDS}
    elements = set(re.findall(r"<([a-z]+)", attributes))
    assert [name for name in COMPONENTS if name not in classes | kinds | elements] == []
    assert [name for name in SCRIPTS if name not in classes] == []


def test_no_css_selector_has_a_space_before_a_colon():
    """rcssmin turns `.table :is(td)` into `.table:is(td)`. Write `.table *:is(td)` instead."""
    texts = {path.name: re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in CSS}
    rules = {
        name: re.findall(r"^[^@{};/]*[\w)\]]\s+:[a-z][^{};]*\{", text, re.MULTILINE) for name, text in texts.items()
    }
    assert {name: matches for name, matches in rules.items() if matches} == {}


def test_text_decoration_has_a_single_value():
    """In Safari, a `text-decoration` with several values and a variable hides the underline."""
    several = {path.name: re.findall(r"text-decoration: *[^;} ]+ [^;}]+", path.read_text()) for path in CSS}
    assert {name: matches for name, matches in several.items() if matches} == {}


def test_stylesheets_use_neither_the_important_flag_nor_id_selectors():
    assert [path.name for path in CSS if "!important" in path.read_text()] == []
    assert [path.name for path in CSS if re.search(r"^\s*#\w", path.read_text(), re.MULTILINE)] == []
