"""Lazy pages keep only a summary in memory. For all other fields, they parse their document again."""

from dataclasses import replace

from pages.content import document, library
from pages.content.problems import Source

from ...conftest import SEED, SEED_URL


def test_a_document_has_the_same_page_with_and_without_checks():
    source = Source("content/role.md", SEED.read_text() + "\n## Prices\n\nTODO: ask, we hire 99% of people.\n")
    checked = document.read(source, "/role", document.Settings({}))
    unchecked = document.read(source, "/role", document.Settings({}), check=False)
    assert len(unchecked.problems) < len(checked.problems)
    assert replace(unchecked, problems=()) == replace(checked, problems=())


def test_a_lazy_page_keeps_the_problems_that_were_found_first(tmp_path):
    (tmp_path / "role.md").write_text(SEED.read_text().replace(SEED_URL, "/role") + "\nTODO: ask.\n")
    eager, lazy = library.load(tmp_path).pages["/role"], library.load(tmp_path, lazy=True).pages["/role"]
    assert lazy.full.sections == eager.sections
    assert lazy.problems == eager.problems != ()
