"""The inline stylesheet and its hash in the Content-Security-Policy."""

import base64
import hashlib
import re

from ...conftest import ROOT, SEED_URL

CSS = sorted((ROOT / "static" / "css").glob("*.css"))


def test_the_policy_has_the_hash_of_the_inline_style(server):
    response = server.get(SEED_URL)
    style = re.search(r"<style[^>]*>(.*?)</style>", response.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_the_inline_style_includes_every_stylesheet(server):
    linked = re.findall(r"css/(\w+)\.css", (ROOT / "templates" / "partials" / "style.html").read_text())
    assert sorted(linked) == [path.stem for path in CSS]


def test_no_css_selector_has_a_space_before_a_colon():
    """rcssmin turns `.table :is(td)` into `.table:is(td)`. Write `.table *:is(td)` instead."""
    rules = {
        path.name: re.findall(r"^[^@{};/]*[\w)\]]\s+:[a-z][^{};]*\{", path.read_text(), re.MULTILINE) for path in CSS
    }
    assert {name: matches for name, matches in rules.items() if matches} == {}


def test_stylesheets_use_neither_the_important_flag_nor_id_selectors():
    assert [path.name for path in CSS if "!important" in path.read_text()] == []
    assert [path.name for path in CSS if re.search(r"^\s*#\w", path.read_text(), re.MULTILINE)] == []
