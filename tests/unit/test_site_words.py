"""The list of the site's own words: templates and forms use each of them, and templates show no other English text."""

import ast
import re
from functools import cache

import pytest

from leads.forms import FIELD_TYPES
from pages.content.site_words import WORDS, WORDS_OF_NOTICES

from ..conftest import ROOT

TEMPLATES = ROOT / "templates"

# Text that is not in a language: the site's name, and the name of a product.
NAMES = {"LayersRank"}

_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style)\b.*?</\1>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"')


@cache
def templates():
    names = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    return {name: text for name, text in names.items() if not name.startswith(("admin/", "development/"))}


def strings_in_code():
    """Return all string constants in `pages` and `leads`, except in the modules with the lists of words."""
    files = [path for folder in ("pages", "leads") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text()) for path in files if path.stem not in ("site_words", "figure_words")]
    return {
        node.value.replace("\N{NO-BREAK SPACE}", " ")
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_each_word_is_used():
    quoted = {text for template in templates().values() for text in re.findall(r'"([^"]*)"', template)}
    # In `aria-label="{% word "Main" %}"`, the expression above matches the attribute's quotation marks, and misses the
    # word.
    quoted |= {text for template in templates().values() for text in re.findall(r'\{% word "([^"]*)"', template)}
    unused = {*WORDS, *WORDS_OF_NOTICES} - quoted - strings_in_code()
    assert unused == set()


def test_each_word_in_a_template_is_in_the_list():
    used = {text for template in templates().values() for text in re.findall(r'\{% word "([^"]*)"', template)}
    assert used - {*WORDS, *WORDS_OF_NOTICES} == set() and len(used) > 20


def test_the_messages_of_form_fields_are_in_the_list():
    assert {kind.required_message for kind in FIELD_TYPES.values()} < set(WORDS)


def test_the_list_has_no_word_twice():
    words = (*WORDS, *WORDS_OF_NOTICES)
    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", sorted(templates()))
def test_templates_show_no_other_english_text(name):
    text = _CODE.sub(" ", templates()[name].replace("\n", " "))
    shown = [*_ATTRIBUTE.findall(text), *re.split(r"<[^<>]*>", text)]
    words = {" ".join(part.split()) for part in shown if re.search(r"[A-Za-z]{2}", part)}
    assert {word for word in words if not word.startswith("&")} - NAMES == set()
