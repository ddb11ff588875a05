"""The rules about facts find the mistakes in realistic documents, and find nothing in difficult but correct documents.

`tests/fixtures/facts/hard` has paragraphs with figures that are no claims. Its facts.toml is for the documents of all
folders. In each folder `planted…`, `problems.txt` lists the wrong statements of the folder's documents. If you add a
wrong statement that the rules miss, keep the statement, and lower the folder's share of found statements in PLANTED.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pages.content import library

from ...conftest import ROOT

FACTS = ROOT / "tests" / "fixtures" / "facts"
PLANTED = [
    ("planted", 130, 0.98),
    ("planted-agencies", 60, 0.93),
    ("planted-startups", 50, 0.94),
    ("planted-questions", 120, 0.96),
]


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """Return a function that copies a folder's documents and settings to a content folder with facts."""

    def copy(folder: Path) -> Path:
        content = tmp_path / "content"
        for path in folder.rglob("*"):
            if path.suffix in (".md", ".toml"):
                target = content / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
        (content / "facts.toml").write_bytes((FACTS / "hard" / "facts.toml").read_bytes())
        return content

    return copy


def found_in(folder: Path) -> dict[str, str]:
    """Map each reported place, such as `comparison.md:45:38`, to the rule about facts that reports it."""
    return {
        f"{problem.path.partition('/')[2]}:{problem.line}:{problem.column}": problem.rule
        for problem in library.load(folder).all_problems
        if problem.rule in ("fact-drift", "unknown-figure")
    }


def planted_in(folder: Path) -> dict[str, str]:
    lines = (folder / "problems.txt").read_text().splitlines()
    return {place: rule for place, rule, _ in (line.split(": ", 2) for line in lines)}


def test_hard_paragraphs_raise_no_alarm() -> None:
    texts = [path.read_text() for path in (FACTS / "hard").rglob("*.md")]
    paragraphs = re.split(r"\n{2,}", "\n\n".join(texts))
    assert sum(bool(re.search(r"\d|\b(?:one|two|three|five|ten)\b", text)) for text in paragraphs) >= 320
    assert found_in(FACTS / "hard") == {}


@pytest.mark.parametrize(("name", "count", "share"), PLANTED)
def test_planted_mistakes_are_found(name: str, count: int, share: float, copy_of: Callable[[Path], Path]) -> None:
    """A mistake counts as found only if the expected rule reports it. `pytest -s` shows precision and recall."""
    planted, found = planted_in(FACTS / name), found_in(copy_of(FACTS / name))
    right = {place for place, rule in planted.items() if found.get(place) == rule}
    precision, recall = len(right) / len(found), len(right) / len(planted)
    print(f"\n{name}: {len(planted)} mistakes, precision {precision:.1%}, recall {recall:.1%}")
    assert len(planted) >= count
    assert found.keys() - planted.keys() == set()
    assert recall >= share


def test_without_facts_nothing_is_compared(copy_of: Callable[[Path], Path]) -> None:
    folder = copy_of(FACTS / "planted")
    (folder / "facts.toml").unlink()
    assert found_in(folder) == {}


@pytest.mark.parametrize("name", ["documents", "long-words", "site"])
def test_the_documents_of_other_tests_raise_no_false_alarm(name: str, copy_of: Callable[[Path], Path]) -> None:
    # This alarm is right: the facts state the time for one assessment, but the table states the time for all
    # assessments.
    right = {"comparison.md:45:38": "unknown-figure"} if name == "documents" else {}
    assert found_in(copy_of(ROOT / "tests" / "fixtures" / name)) == right
