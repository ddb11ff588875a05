"""Load the words that all kits share from `kit.md`."""

from __future__ import annotations

from pathlib import Path

from . import kit_words
from .content_folder import KIT_FILE, display_path
from .fact_checks import check_kit
from .facts import Facts
from .kit_words import KitWords
from .problems import Problem, Source
from .text_files import load_text


def load(folder: Path, old: KitWords | None, facts: Facts, max_bytes: int, problems: list[Problem]) -> KitWords | None:
    """Return the words in `kit.md`, or `old` if some words are missing. Add the file's problems to `problems`.

    A text that contradicts `facts` is a problem.
    """
    path = folder / KIT_FILE
    text = load_text(folder, path, max_bytes, problems)
    if text is None:
        return old
    source = Source(display_path(folder, path), text)
    problems += check_kit(source, facts)
    words = kit_words.parse(source, problems)
    return words if words and words != old else old
