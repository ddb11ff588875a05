"""The stylesheet: what stands in the page is what was written."""

import base64
import hashlib
import re

from ...conftest import ROOT, SEED_URL

CSS = sorted((ROOT / "static" / "css").glob("*.css"))


def test_the_policy_names_the_hash_of_the_style_in_the_page(server):
    answer = server.get(SEED_URL)
    style = re.search(r"<style[^>]*>(.*?)</style>", answer.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_every_stylesheet_is_in_the_page(server):
    linked = re.findall(r"css/(\w+)\.css", (ROOT / "templates" / "partials" / "style.html").read_text())
    assert sorted(linked) == [path.stem for path in CSS]


def test_no_selector_begins_a_part_with_a_colon():
    """rcssmin drops the space before a colon, which turns `.table :is(td)` into `.table:is(td)`: write `*:is`."""
    rules = {
        path.name: re.findall(r"^[^@{};/]*[\w)\]]\s+:[a-z][^{};]*\{", path.read_text(), re.MULTILINE) for path in CSS
    }
    assert {name: found for name, found in rules.items() if found} == {}


def test_no_override_is_forced():
    assert [path.name for path in CSS if "!important" in path.read_text()] == []
    assert [path.name for path in CSS if re.search(r"^\s*#\w", path.read_text(), re.MULTILINE)] == []
