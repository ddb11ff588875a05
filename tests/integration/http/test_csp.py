"""The inline stylesheets and rules for prefetching, and their hashes in the Content-Security-Policy."""

import base64
import hashlib
import re

import pytest

from pages.http.inline_elements import PAGE_STYLESHEETS

from ...conftest import ROOT, SEED_URL

COMMON_CSS = sorted((ROOT / "static" / "css").glob("*.css"))
PAGE_CSS = sorted((ROOT / "static" / "css" / "pages").glob("*.css"))
CSS = [*COMMON_CSS, *PAGE_CSS]


def hashes(pattern, page):
    contents = re.findall(pattern, page, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in contents]


@pytest.mark.parametrize(
    ("path", "styles"),
    [
        *((SEED_URL, 1), ("/no-such-page", 1), ("/start", 2), ("/search", 2)),
        *(("/resources/roi-calculator", 2), ("/resources/question-bank", 2)),
    ],
)
def test_the_policy_has_the_hash_of_each_inline_element(server, path, styles):
    response = server.get(path)
    directives = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    style_hashes = hashes(r"<style[^>]*>(.*?)</style>", response.text)
    [rules_hash] = hashes(r'<script type="speculationrules">(.*?)</script>', response.text)
    assert len(style_hashes) == styles and set(style_hashes) <= set(directives["style-src"].split())
    assert directives["script-src"].split() == ["'self'", rules_hash]
    assert len(directives["style-src"].split()) == 2 + len(PAGE_STYLESHEETS)


def test_the_inline_style_includes_every_stylesheet():
    linked = re.findall(r"css/(\w+)\.css", (ROOT / "templates" / "partials" / "style.html").read_text())
    assert sorted(linked) == [path.stem for path in COMMON_CSS]
    assert list(PAGE_STYLESHEETS) == [path.stem for path in PAGE_CSS]


def test_no_css_selector_has_a_space_before_a_colon():
    """rcssmin turns `.table :is(td)` into `.table:is(td)`. Write `.table *:is(td)` instead."""
    rules = {
        path.name: re.findall(r"^[^@{};/]*[\w)\]]\s+:[a-z][^{};]*\{", path.read_text(), re.MULTILINE) for path in CSS
    }
    assert {name: matches for name, matches in rules.items() if matches} == {}


def test_stylesheets_use_neither_the_important_flag_nor_id_selectors():
    assert [path.name for path in CSS if "!important" in path.read_text()] == []
    assert [path.name for path in CSS if re.search(r"^\s*#\w", path.read_text(), re.MULTILINE)] == []
