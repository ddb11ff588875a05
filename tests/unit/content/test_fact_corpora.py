"""The rules about facts find the mistakes in realistic documents, and nothing in hard but right ones.

`tests/fixtures/facts/hard` has paragraphs with figures that are no claims. `planted` has a site with wrong statements,
and `problems.txt` lists them.
"""

import re
from pathlib import Path

import pytest

from pages.content import library

from ...conftest import ROOT

FACTS = ROOT / "tests" / "fixtures" / "facts"
RULES = ("fact-drift", "unknown-figure")


def found_in(folder: Path) -> dict[str, str]:
    """Return the rule of each problem with a fact, keyed by path, line and column."""
    return {
        f"{problem.path.partition('/')[2]}:{problem.line}:{problem.column}": problem.rule
        for problem in library.load(folder).all_problems
        if problem.rule in RULES
    }


def planted_in(folder: Path) -> dict[str, str]:
    lines = (folder / "problems.txt").read_text().splitlines()
    return {place: rule for place, rule, _ in (line.split(": ", 2) for line in lines)}


def test_hard_paragraphs_raise_no_alarm() -> None:
    texts = [path.read_text() for path in (FACTS / "hard").rglob("*.md")]
    paragraphs = [
        text for text in re.split(r"\n{2,}", "\n\n".join(texts)) if re.search(r"\d|\b(?:one|two|five)\b", text)
    ]
    assert len(paragraphs) >= 100
    assert found_in(FACTS / "hard") == {}


@pytest.mark.parametrize(("name", "count", "recall"), [("planted", 130, 0.98)])
def test_planted_mistakes_are_found(name: str, count: int, recall: float) -> None:
    """Print precision and recall: run pytest with `-s`."""
    planted, found = planted_in(FACTS / name), found_in(FACTS / name)
    right = {place for place, rule in planted.items() if found.get(place) == rule}
    precision, share = len(right) / len(found), len(right) / len(planted)
    print(f"\n{name}: {len(planted)} mistakes, precision {precision:.1%}, recall {share:.1%}")
    assert len(planted) >= count
    assert found.keys() - planted.keys() == set()
    assert [place for place in found if found[place] != planted[place]] == []
    assert share >= recall


def test_without_facts_nothing_is_compared(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    for path in (FACTS / "planted").rglob("*.md"):
        copy = folder / path.relative_to(FACTS / "planted")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    assert found_in(folder) == {}


@pytest.mark.parametrize("name", ["documents", "long-words", "site"])
def test_the_documents_of_other_tests_raise_no_false_alarm(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    for path in (ROOT / "tests" / "fixtures" / name).rglob("*"):
        if path.suffix in (".md", ".toml"):
            copy = folder / path.relative_to(ROOT / "tests" / "fixtures" / name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (folder / "facts.toml").write_text((FACTS / "hard" / "facts.toml").read_text())
    # A table that says of all assessments what is known of one.
    right = {"comparison.md:45:38": "unknown-figure"} if name == "documents" else {}
    assert found_in(folder) == right
