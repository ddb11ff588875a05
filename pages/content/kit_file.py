"""Load the words that all kits share from `kit.md`."""

from __future__ import annotations

from pathlib import Path

from . import kit_words
from .content_folder import KIT_FILE, display_path
from .kit_words import KitWords
from .problems import Problem, Source
from .text_files import load_text


def load(folder: Path, old: KitWords | None, max_bytes: int, problems: list[Problem]) -> KitWords | None:
    """Return the words in `kit.md`, or `old` if some words are missing. Add the file's problems to `problems`."""
    path = folder / KIT_FILE
    text = load_text(folder, path, max_bytes, problems)
    words = kit_words.parse(Source(display_path(folder, path), text), problems) if text is not None else None
    return words if words and words != old else old
